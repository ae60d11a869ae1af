"""What runs on a box: the stage that draws (Qt, no network), and the agent that keeps its cache."""
