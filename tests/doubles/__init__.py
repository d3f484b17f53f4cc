"""Local stand-ins for the shop platforms: they speak the real wire formats, without a network."""
