"""What the shop's people do with products, coupons and customers, and the news each makes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from tests.doubles.woocommerce.errors import ApiError
from tests.doubles.woocommerce.news import News
from tests.doubles.woocommerce.records import Coupon, Customer, Meta, Product
from tests.doubles.woocommerce.settings import now


def change_product(news: News, product: Product, **changes: object) -> None:
    """Change fields of a product or variation, as a save in the admin does."""
    with news.state.lock:
        for name, value in changes.items():
            setattr(product, name, value)
        if product.manage_stock and product.stock is not None:
            product.stock_status = "instock" if product.stock > 0 else "outofstock"
        product.modified_at = now()
        settle_parent(news, product)
        news.tell("product.updated", product.id)


def settle_parent(news: News, product: Product) -> None:
    """Let a variable product follow the stock of its variations; that alone is no news."""
    parent = news.state.products.get(product.parent_id)
    if parent is None:
        return
    variations = [news.state.products.get(one) for one in parent.variation_ids]
    buyable = any(one and one.available and one.status == "publish" for one in variations)
    parent.stock_status = "instock" if buyable else "outofstock"


def move_stock(news: News, product: Product, pieces: int) -> None:
    """Take pieces out of stock (or put them back, when negative), as an order does."""
    with news.state.lock:
        if product.manage_stock and product.stock is not None:
            product.stock -= pieces
            product.stock_status = "instock" if product.stock > 0 else "outofstock"
        product.total_sales = max(0, product.total_sales + pieces)
        product.modified_at = now()
        settle_parent(news, product)
        if product.manage_stock:
            news.tell("product.updated", product.id)


def add_product(news: News, product: Product) -> Product:
    """Put a new product or variation on the shelves."""
    with news.state.lock:
        news.state.products[product.id] = product
        parent = news.state.products.get(product.parent_id)
        if parent and product.id not in parent.variation_ids:
            parent.variation_ids.append(product.id)
        news.tell("product.created", product.id)
        return product


def trash_product(news: News, product: Product) -> None:
    """Trash a product with its variations: each is told as a deleted product and coupon."""
    with news.state.lock:
        family = [news.state.products[one] for one in product.variation_ids]
        for one in [*family, product]:
            one.status = "trash"
            one.modified_at = now()
            news.tell("coupon.deleted", one.id)
            news.tell("product.deleted", one.id)


def restore_product(news: News, product: Product) -> None:
    """Take a product with its variations out of the trash."""
    with news.state.lock:
        family = [news.state.products[one] for one in product.variation_ids]
        for one in [*family, product]:
            one.status = "publish"
            one.modified_at = now()
        for one in family:
            news.tell("product.restored", one.id)
        news.tell("product.updated", product.id)
        news.tell("product.restored", product.id)


def delete_product(news: News, product: Product) -> None:
    """Delete a product for good: nothing is told."""
    with news.state.lock:
        for one in [*product.variation_ids, product.id]:
            news.state.products.pop(one, None)
        parent = news.state.products.get(product.parent_id)
        if parent:
            parent.variation_ids.remove(product.id)


def add_coupon(
    news: News,
    *,
    code: str,
    kind: str = "fixed_cart",
    amount: str = "0",
    expires_at: datetime | None = None,
    fields: dict[str, object] | None = None,
    meta: list[Meta] | None = None,
) -> Coupon:
    """Make a coupon; raises ApiError when the code exists or a percentage is over 100."""
    with news.state.lock:
        code = code.lower()
        if any(one.code == code for one in news.state.coupons.values()):
            raise ApiError(
                "woocommerce_rest_coupon_code_already_exists", "The coupon code already exists", 400
            )
        if kind == "percent" and Decimal(amount or "0") > 100:
            raise ApiError("coupon_invalid_amount", "Invalid discount amount.", 400)
        coupon = Coupon(
            news.state.next_id("post"), code, kind, amount, now(), now(),
            expires_at=expires_at, fields=fields or {}, meta=meta or [],
        )  # fmt: skip
        news.state.coupons[coupon.id] = coupon
        news.tell("coupon.created", coupon.id)
        return coupon


def trash_coupon(news: News, coupon: Coupon) -> None:
    """Trash a coupon: it is told as a deleted coupon and product."""
    with news.state.lock:
        coupon.status = "trash"
        coupon.modified_at = now()
        news.tell("coupon.deleted", coupon.id)
        news.tell("product.deleted", coupon.id)


def add_customer(
    news: News,
    *,
    email: str,
    role: str = "customer",
    username: str = "",
    first_name: str = "",
    last_name: str = "",
) -> Customer:
    """Make an account; raises ApiError when the address has one."""
    with news.state.lock:
        if any(one.email == email for one in news.state.customers.values()):
            message = (
                f"An account is already registered with {email}."
                " Please log in or use a different email address."
            )
            raise ApiError("registration-error-email-exists", message, 400)
        customer = Customer(
            news.state.next_id("user"), email, username or email.partition("@")[0], now(), now(),
            first_name=first_name, last_name=last_name, role=role,
        )  # fmt: skip
        news.state.customers[customer.id] = customer
        news.tell("customer.created", customer.id)
        news.tell("customer.updated", customer.id)
        return customer


def change_customer(news: News, customer: Customer, **changes: object) -> None:
    """Change an account's fields."""
    with news.state.lock:
        for name, value in changes.items():
            setattr(customer, name, value)
        customer.modified_at = now()
        news.tell("customer.updated", customer.id)


def delete_customer(news: News, customer: Customer) -> None:
    """Delete an account, which is told."""
    with news.state.lock:
        news.state.customers.pop(customer.id, None)
        news.tell("customer.deleted", customer.id)
