"""One's own account: logging in, password, second factor, open sessions, language."""
