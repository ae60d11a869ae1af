"""What a box must have to play: each module looks at one thing and says what to do about it."""
