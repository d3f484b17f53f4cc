"""What webhooks say: payloads with the fields of Shopify's 2026-07 samples."""
