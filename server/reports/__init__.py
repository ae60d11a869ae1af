"""Reports: what was shown, by item, screen and day; when screens were heard of; the screen ledger.

Kept as sums by day (`models`), which the chores add to (`counting`, `hours`, `planning`); pages and
scripts read the sums (`selectors`), never a million rows.  Nothing here decides who may
see what: callers give the screens in the reader's reach.
"""
