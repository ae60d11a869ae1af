"""What templates of the staff pages may call."""
