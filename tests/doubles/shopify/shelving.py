"""What happens to products and their stock, and the news each step makes."""

from __future__ import annotations

from decimal import Decimal

from tests.doubles.shopify.payloads.product_json import product_json, variant_json
from tests.doubles.shopify.records import Product, Status, Variant
from tests.doubles.shopify.shop import Shop


def buyable(shop: Shop) -> list[Variant]:
    """Return the variants that a shopper could put into a cart now, by number."""
    found = (
        variant
        for product in shop.state.products.values()
        if product.on_sale
        for variant in product.variants
        if variant.available
    )
    return sorted(found, key=lambda one: one.id)


def change_product(
    shop: Shop,
    product: Product,
    *,
    title: str | None = None,
    status: Status | None = None,
    published: bool | None = None,
) -> Product:
    """Change a product; None leaves a part as it is."""
    with shop.action() as at:
        product.title = product.title if title is None else title
        product.status = product.status if status is None else status
        if published is not None:
            product.published_at = at if published else None
        tell_product(shop, product)
        return product


def change_variant(
    shop: Shop,
    variant: Variant,
    *,
    price: Decimal | str | None = None,
    compare_at: Decimal | str | None = None,
    stock: int | None = None,
) -> Variant:
    """Change what a variant costs or how many there are; None leaves a part as it is. A
    ``compare_at`` of '' takes the old price off."""
    with shop.action() as at:
        if price is not None:
            variant.price = Decimal(price)
        if compare_at is not None:
            variant.compare_at = Decimal(compare_at) if compare_at != "" else None
        variant.updated_at = at
        if stock is not None:
            move_stock(shop, variant.id, stock - variant.stock)
        if stock is None or price is not None or compare_at is not None:
            tell_product(shop, shop.state.products[variant.product_id])
        return variant


def move_stock(shop: Shop, variant_id: int, pieces: int) -> None:
    """Put pieces on the shelf (or take them off) and tell of it, also of running out or coming
    back. Nothing happens where the variant is gone, untracked or none are moved."""
    with shop.action() as at:
        found = shop.state.variant_of(variant_id)
        if found is None or not found[1].tracked or not pieces:
            return
        product, variant = found
        before, variant.stock = variant.stock, variant.stock + pieces
        variant.updated_at = at
        tell_product(shop, product)
        if before > 0 >= variant.stock:
            shop.tell("variants/out_of_stock", variant_json(variant, shop.settings))
        elif before <= 0 < variant.stock:
            shop.tell("variants/in_stock", variant_json(variant, shop.settings))


def create_product(
    shop: Shop, title: str, price: Decimal | str, *, stock: int = 10, picture: str = "vase/oat"
) -> Product:
    """Make a product with its single default variant and tell of it."""
    with shop.action() as at:
        state = shop.state
        handle = "-".join(title.lower().split())
        product = Product(
            state.next_id("product"), title, handle, "", "", shop.settings.name, "ACTIVE", at, at,
            at, picture, state.next_id("image"),
        )  # fmt: skip
        variant = Variant(
            state.next_id("variant"), product.id, "Default Title", (("Title", "Default Title"),),
            Decimal(price), None, stock, f"NEW-{product.id}", at, at,
        )  # fmt: skip
        variant.inventory_item_id = state.next_id("inventory")
        product.variants.append(variant)
        state.products[product.id], state.variants[variant.id] = product, variant
        shop.tell("products/create", product_json(state, product))
        return product


def delete_product(shop: Shop, product: Product) -> None:
    """Delete a product with its variants for good."""
    with shop.action():
        shop.state.products.pop(product.id, None)
        for variant in product.variants:
            shop.state.variants.pop(variant.id, None)
        shop.tell("products/delete", {"id": product.id})


def delete_variant(shop: Shop, variant: Variant) -> None:
    """Delete a variant: told as a change of its product."""
    with shop.action():
        product = shop.state.products[variant.product_id]
        product.variants.remove(variant)
        shop.state.variants.pop(variant.id, None)
        tell_product(shop, product)


def tell_product(shop: Shop, product: Product) -> None:
    """Mark a product changed now and tell of it."""
    with shop.action() as at:
        product.updated_at = at
        shop.tell("products/update", product_json(shop.state, product))
