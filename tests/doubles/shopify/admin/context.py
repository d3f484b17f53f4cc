"""What one execution knows."""

from __future__ import annotations

from dataclasses import dataclass

from graphql import GraphQLError

from tests.doubles.shopify.shop import Shop


@dataclass(frozen=True, slots=True)
class Context:
    """The shop that is asked. ``redacted``: ``Type.field`` of protected data that the app was not
    approved for."""

    shop: Shop
    redacted: frozenset[str] = frozenset()

    def not_approved(self, type_name: str) -> GraphQLError:
        """Return the error that comes with a redacted field."""
        page = f"https://partners.shopify.com/123/apps/{self.shop.setup.app_id}/customer_data"
        return GraphQLError(
            f"This app is not approved to access the {type_name} object. "
            f"See {page} for more details."
        )
