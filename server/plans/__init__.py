"""Where screens hang: floor plan pictures, and the place of each screen on one of them."""
