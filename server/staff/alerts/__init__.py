"""Pages about messages: my notices and what I choose of them, and the webhooks."""
