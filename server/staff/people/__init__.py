"""People and rights: accounts, what their roles allow, the tree of departments."""
