"""How fast due runs are claimed."""
