"""REST v3 as a real WooCommerce answers it."""
