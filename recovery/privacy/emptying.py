"""Erase a whole shop: every row that is walled off as its own, its people, its name."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.apps import apps
from django.db import connection
from django.db.models import Q

from recovery.privacy.models import Erasure
from shopapp.install.models import Installation
from shopapp.shops.models import Credential, Member, Shop, User
from shopapp.shops.tenancy import TenantModel

NOTICE = timedelta(hours=48)
"""How long after an uninstall the platform asks for the erasure:
https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance"""
_HOST = "erased-{}.invalid"


def has_left(shop: Shop, *, at: datetime) -> bool:
    """Say whether the installation that is to be erased is the shop's newest.

    An uninstall may have been missed: then nothing was installed, no keys were given, and nothing
    was read from the store, since the platform's notice began. Needs the shop in scope.
    """
    fresh = Shop.objects.get(pk=shop.pk)
    if fresh.state == Shop.State.UNINSTALLED:
        return True
    # A shop that came back keeps the moment of its first installation, but has keys given anew.
    keys = Credential.objects.filter(shop=shop, kind=Credential.Kind.API_KEYS)
    given_at = keys.values_list("changed_at", flat=True).first()
    signs = (fresh.installed_at, fresh.orders_read_at, given_at)
    return all(sign is None or sign <= at - NOTICE for sign in signs)


def empty(shop: Shop, *, at: datetime) -> dict[str, int]:
    """Delete every row of the shop but the proofs of erasures; return how many of which table.

    The shop must be in scope. Constraints between the tables are checked at the commit.
    """
    del at
    counts = {}
    for model in _tenant_models():
        rows = model.objects.filter(shop=shop)
        # Row by row, Django would load each to look for what hangs on it: all of it goes.
        counts[model._meta.label_lower] = rows._raw_delete(rows.db)
    return {label: count for label, count in counts.items() if count}


def _tenant_models() -> list[type[TenantModel]]:
    return [
        model
        for model in apps.get_models()
        if issubclass(model, TenantModel) and model is not Erasure
    ]


def is_blank(shop: Shop) -> bool:
    """Say whether the shop's own row was blanked before."""
    return Shop.objects.filter(pk=shop.pk, host=_HOST.format(shop.pk)).exists()


def blank(shop: Shop, *, at: datetime) -> None:
    """Take the shop's name and addresses, its people, and the people who are nowhere else."""
    Installation.objects.filter(Q(host=shop.host) | Q(shop=shop)).delete()
    people = list(Member.objects.filter(shop=shop).values_list("user_id", flat=True))
    Member.objects.filter(shop=shop).delete()
    for user in User.objects.filter(pk__in=people, memberships=None):
        _blank_person(user)
    Shop.objects.filter(pk=shop.pk).update(
        state=Shop.State.UNINSTALLED,
        uninstalled_at=shop.uninstalled_at or at,
        host=_HOST.format(shop.pk),
        url="",
        name="",
        country="",
        timezone="UTC",
        locale="en",
        access_lacks="",
        platform_version="",
        plugin_version="",
        sending_paused_at=None,
        sending_paused_reason="",
        last_event_at=None,
        orders_read_at=None,
    )
    shop.refresh_from_db()
    connection.check_constraints()


def _blank_person(user: User) -> None:
    # The row stays: another shop's record of what they once looked at there may hang on it.
    user.email = f"erased-{user.pk}@erased.invalid"
    user.platform_user = ""
    user.confirmed_at = None
    # This also ends their sessions.
    user.set_unusable_password()
    user.save(update_fields=["email", "platform_user", "confirmed_at", "password"])
