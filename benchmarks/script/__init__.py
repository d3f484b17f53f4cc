"""How much the storefront's script weighs."""
