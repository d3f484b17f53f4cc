"""A local Shopify: shops, their Admin API, their webhooks; see README.md."""
