"""Two Shopify shops, each with its people."""

from __future__ import annotations

import pytest

from shopapp.shops.models import Member, Shop, User
from tests.conftest import make_shop
from tests.shopapp.embedded_admin.tokens import APP_KEY, HOST, OTHER_HOST, SECRET


@pytest.fixture(autouse=True)
def _app(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPIFY_API_KEY", APP_KEY)
    monkeypatch.setenv("SHOPIFY_API_SECRET", SECRET)


def person_of(shop: Shop, number: str, role: str = Member.Role.OWNER) -> Member:
    """Return a member of the shop's staff who has been here before."""
    user = User.objects.create(
        email=f"shopify-{shop.pk}-{number}@admin.invalid",
        platform_user=f"shopify:{shop.pk}:{number}",
        password="!",
    )
    return Member.objects.create(user=user, shop=shop, role=role)


@pytest.fixture
def hedge(db: None) -> Shop:
    """The shop a test is about; its staff: 7 owns it, 8 is staff, 9 only looks."""
    shop = make_shop(HOST, platform=Shop.Platform.SHOPIFY)
    person_of(shop, "7")
    person_of(shop, "8", Member.Role.STAFF)
    person_of(shop, "9", Member.Role.VIEWER)
    return shop


@pytest.fixture
def thorn(hedge: Shop) -> Shop:
    """The second shop, of the same person 7 (another account there), which must never appear."""
    shop = make_shop(OTHER_HOST, platform=Shop.Platform.SHOPIFY)
    person_of(shop, "7")
    return shop
