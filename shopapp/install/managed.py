"""Arrive from a platform's own admin: the platform installed us, and signs who opens us.

The signed token is exchanged for lasting access when the shop is new, came back, or refuses what we
hold; the shop's people become members as they first come. Visits that arrive at once make one shop:
one of them holds the lease of an `Installation`, the others wait for it. Real time throughout, but
for what the shop's rows are stamped with (``shown_at``).
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q

from shopapp.install.models import Installation
from shopapp.install.services import STATE_LIVES, hash_of
from shopapp.install.taking_up import take_up
from shopapp.kit import later
from shopapp.platforms import embeddings
from shopapp.platforms.answers import StoreUnavailable
from shopapp.platforms.embedding import Access, Visitor, shop_address
from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.registry import connector_for
from shopapp.shops import access, credentials, keys
from shopapp.shops.embedding import member_of, person_name
from shopapp.shops.models import Credential, Member, Shop, User

LEASE = timedelta(seconds=90)
WAIT_FOR_OTHERS = timedelta(seconds=20)
POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who arrived where. ``connected``: whether this visit connected the shop."""

    member: Member
    connected: bool


def arrive(platform: str, visitor: Visitor, *, at: datetime, shown_at: datetime) -> Arrival:
    """Return the visitor as a member of their shop, both made where they are new.

    Uses the network where something is new. Raises NotSigned for a token that ended on the way, or
    a StoreError.
    """
    shop = usable(platform, visitor.host)
    connected = shop is None
    if shop is None:
        shop, connected = _connect_once(platform, visitor, at=at, shown_at=shown_at)
    member = member_of(platform, visitor) or _join(shop, visitor, at=at)
    return Arrival(member, connected)


def usable(platform: str, host: str) -> Shop | None:
    """Return the shop if it is connected and we hold keys of it."""
    shop = Shop.objects.filter(platform=platform, host=host, state=Shop.State.CONNECTED).first()
    if shop is None:
        return None
    with access.scope(shop):
        return shop if credentials.reveal(shop, Credential.Kind.API_KEYS) else None


def _connect_once(
    platform: str, visitor: Visitor, *, at: datetime, shown_at: datetime
) -> tuple[Shop, bool]:
    """Return the shop, and whether it was this visit that connected it."""
    started = time.monotonic()
    while True:
        waited = timedelta(seconds=time.monotonic() - started)
        lease = _take_lease(platform, visitor.host, at=at + waited)
        if lease is not None:
            try:
                shop = usable(platform, visitor.host)  # connected by who held the lease before
                if shop is not None:
                    return shop, False
                return connect(platform, visitor, at=at, shown_at=shown_at), True
            finally:
                _give_back(lease)
        if waited >= WAIT_FOR_OTHERS:
            raise StoreUnavailable("The shop is being connected already.", temporary=True)
        time.sleep(POLL_SECONDS)
        shop = usable(platform, visitor.host)
        if shop is not None:
            return shop, False


def _take_lease(platform: str, host: str, *, at: datetime) -> Installation | None:
    """Return this shop's install for us alone, None while another visit holds it. The sweep of
    installs deletes it later."""
    row, _ = Installation.objects.get_or_create(
        # The form of no state's hash: nobody may hand keys over for it.
        state_hash=f"arrival:{hash_of(f'{platform}:{host}')[:56]}",
        defaults={
            "host": host,
            "store_url": f"https://{host}",
            "asked_at": at,
            "expires_at": at + STATE_LIVES,
        },
    )
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=at)
    rows = Installation.objects.filter(free, pk=row.pk)
    if not rows.update(lease_until=at + LEASE, expires_at=at + STATE_LIVES):
        return None
    row.lease_until = at + LEASE
    return row


def _give_back(lease: Installation) -> None:
    rows = Installation.objects.filter(pk=lease.pk, lease_until=lease.lease_until)
    rows.update(lease_until=None)


def connect(platform: str, visitor: Visitor, *, at: datetime, shown_at: datetime) -> Shop:
    """Return the visitor's shop, connected by exchanging the token. Uses the network."""
    given = embeddings.of(platform).give_access(visitor, at=at)
    return take_in(platform, visitor.host, given, at=shown_at)


def take_in(platform: str, host: str, given: Access, *, at: datetime) -> Shop:
    """Return the shop that these keys open, connected with them; its welcome begins. Uses the
    network: what the shop is, it says itself."""
    connector = connector_for(platform)
    client = connector.open_client(shop_address(host), given.keys)
    facts, version = client.store_facts(), client.version()
    lacks = " ".join(connector.lacks(given.granted))
    return _write(platform, host, given, facts, version=version, lacks=lacks, at=at)


@transaction.atomic
def _write(
    platform: str,
    host: str,
    given: Access,
    facts: StoreFacts,
    *,
    version: str,
    lacks: str,
    at: datetime,
) -> Shop:
    shop = take_up(platform, host, facts, version=version, at=at, access_lacks=lacks[:500])
    with access.scope(shop):
        keys.keep_keys(shop, given.keys, at=at)
    later.enqueue("ingest.welcome", shop.pk)
    return shop


def _join(shop: Shop, visitor: Visitor, *, at: datetime) -> Member:
    """Return the visitor as a member: the shop's owner as an owner, anybody else as staff.

    Their address in the admin is not ours to write to: the account has a name that no mail
    reaches, and that nobody can guess and take before. Only the admin's token signs it in.
    """
    who = embeddings.of(shop.platform).who(visitor, at=at)
    name = f"{shop.platform}-{shop.pk}-{visitor.person}-{secrets.token_hex(8)}"
    with transaction.atomic():
        user, _ = User.objects.get_or_create(
            platform_user=person_name(shop, visitor),
            defaults={"email": f"{name}@admin.invalid", "password": make_password(None)},
        )
        role = Member.Role.OWNER if who.owns else Member.Role.STAFF
        member, _ = Member.objects.get_or_create(user=user, shop=shop, defaults={"role": role})
    return member
