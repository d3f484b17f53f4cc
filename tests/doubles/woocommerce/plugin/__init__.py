"""The companion plugin's behaviour, as docs/wire.md tells it: the plugin's twin in Python."""
