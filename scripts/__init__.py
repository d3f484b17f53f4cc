"""What the Makefile runs besides the product itself."""
