"""Where content is shown: sites, groups, screens, and how a box becomes one of them."""
