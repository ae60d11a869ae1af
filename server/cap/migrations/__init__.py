"""Migrations of the alerts of authorities."""
