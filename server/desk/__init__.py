"""What lies on the desks of staff: drafts that are not saved yet, and which pages are open.

Private to whoever it belongs to (others see a name at most), never part of a programme; it may be
lost without harm.
"""
