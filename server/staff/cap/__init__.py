"""Pages about alerts of authorities (预警): sources with policies, what became of each."""
