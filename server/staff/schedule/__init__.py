"""Page 5, Schedule 排期: the week of a screen or group, what is due when in words, the year.

`week` draws what the scheduler says, `entries` and `occurrences` change it, `look` says before
saving what a change would do, `calendar` is the year, `day` the pictures of one day.  When
something is due is decided in `scheduler`, never here.
"""
