"""A local WooCommerce shop that speaks the real formats, with a small storefront."""

from tests.doubles.woocommerce.store import Store

__all__ = ["Store"]
