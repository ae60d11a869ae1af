"""What `yingbi-server check` finds wrong, and what to do about it.  Reads only."""
