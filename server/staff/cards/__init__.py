"""Cards written by hand: the form that each template asks for, and what is refused in it."""
