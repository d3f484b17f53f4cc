"""How fast news is taken in."""
