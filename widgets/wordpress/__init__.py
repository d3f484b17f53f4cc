"""The companion plugin for WooCommerce (PHP, GPL-2.0-or-later) and its packing for merchants."""
