"""Who did what, when: rows in a hash chain that nobody can change unseen."""
