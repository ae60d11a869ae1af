"""What staff have boxes do: commands, each with its result."""
