"""The Store API: the cart and the checkout as a shop's own pages use them."""
