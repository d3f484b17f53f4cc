"""Nobody can take the name under which a member of an admin's staff will come."""

from __future__ import annotations

from django.test import Client

from shopapp.install.models import Installation
from shopapp.shops import accounts
from shopapp.shops.models import Member, Shop, User
from tests.conftest import make_shop
from tests.shopapp.embedded_admin.admins import Admins


def test_an_account_under_a_guessed_name_keeps_nobody_out(client: Client, admins: Admins) -> None:
    """Who connects a store of another kind types an address, and gets an account of that name."""
    shop = make_shop(admins.first.host, platform=Shop.Platform.SHOPIFY)
    theirs = make_shop("thorn.example")
    owner = next(user for user in admins.first.users if user.owner)
    guessed, _ = accounts.find_or_make(f"shopify-{shop.pk}-{owner.id}@admin.invalid")
    Member.objects.create(user=guessed, shop=theirs)
    query = {"id_token": admins.token(), "embedded": "1", "shop": admins.first.host}
    answer = client.get("/embedded/", query, headers={"sec-fetch-dest": "iframe"})
    assert answer.status_code == 302
    came = User.objects.get(platform_user=f"shopify:{shop.pk}:{owner.id}")
    assert came != guessed
    assert [member.shop for member in came.memberships.all()] == [shop]


def test_no_hand_over_of_another_platform_reaches_an_admins_arrival(
    client: Client, admins: Admins
) -> None:
    """A hand-over of keys is unsigned: what it names must be a secret of the asking browser."""
    query = {"id_token": admins.token(), "embedded": "1", "shop": admins.first.host}
    client.get("/embedded/", query, headers={"sec-fetch-dest": "iframe"})
    handed = {
        "user_id": f"shopify:{admins.first.host}", "key_id": 1, "key_permissions": "read_write",
        "consumer_key": "ck_" + "0" * 40, "consumer_secret": "cs_" + "0" * 40,
    }  # fmt: skip
    answer = client.post("/install/woocommerce/callback/", handed, content_type="application/json")
    assert answer.status_code == 404
    assert set(Installation.objects.values_list("status", "sealed_keys")) == {("asked", "")}
