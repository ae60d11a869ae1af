"""Who is missed: screens that fall silent while they should be lit, and how each has been."""
