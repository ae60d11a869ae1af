"""The stage: draws the picture that the scheduler names, and never goes black."""
