"""Alerts of other authorities (CAP 1.2): read, judged by a policy, and shown as emergencies."""
