"""What lies on the desks of staff: drafts not saved yet, which pages are open, ways back.

Private to whoever it belongs to (others see a name at most), never part of a programme; it may be
lost without harm.
"""
