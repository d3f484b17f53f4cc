"""Doors of messaging: shoppers' links, the Messages pages, the sender's settings."""
