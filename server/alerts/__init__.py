"""Messages to staff and to other systems: told once, kept in the database, delivered until done."""
