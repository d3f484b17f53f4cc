"""The storefront: the pages that a shopper sees, rendered on the server."""
