"""三审: who has looked at what screens will show, and said yes or no (ADR 0021)."""
