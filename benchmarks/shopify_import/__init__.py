"""The first import of a big Shopify shop, killed in the middle."""
