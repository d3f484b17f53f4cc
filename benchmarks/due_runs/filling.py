"""Fill a database with runs that wait: by SQL, as the owner of the tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connections

from recovery.contacts.models import Contact
from recovery.flows.models import Flow, FlowVersion
from shopapp.shops import access
from shopapp.shops.models import Shop

START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
GAP = timedelta(seconds=1)
"""One run falls due every gap, the first at ``START``."""

_FLOWS = 100
_CARTS = """
INSERT INTO carts_cart (shop_id, cart_id, generation, state, stage, contact_id, signed, alias,
    visitor_id, customer_id, country, locale, click_ref, currency, decimals, quantity, changed_at,
    revision, content_hash, started_at, abandoned_at, blocked_reason)
SELECT %(shop)s, md5(n::text), 1, 'abandoned', 'cart', %(contact)s, true, '', '', '', 'SE', 'sv',
    '', 'EUR', 2, 2, %(start)s, 0, md5(n::text), %(start)s, %(start)s, ''
FROM generate_series(1, %(carts)s) AS n
"""
# The columns that the claim never reads are as wide as real ones.
_RUNS = """
INSERT INTO flows_flowrun (shop_id, flow_id, version_id, contact_id, address_key, cart_id, state,
    position, abandoned_at, entered_at, due_at, attempts, waiting_reason, outcome)
SELECT %(shop)s, v.flow_id, v.id, %(contact)s, 'shopper-' || n || '@example.org', c.id, 'active',
    0, %(start)s, %(start)s, %(start)s + n * %(gap)s, 0, '', ''
FROM (
    SELECT n, (n %% %(flows)s)::int AS flow_place, (n / %(flows)s)::int AS cart_place
    FROM generate_series(0, %(runs)s - 1) AS n
) AS numbered
JOIN (SELECT id, flow_id, row_number() OVER (ORDER BY id) - 1 AS place FROM flows_flowversion) AS v
    ON v.place = flow_place
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM carts_cart) AS c
    ON c.place = cart_place
"""


def fill(runs: int) -> Shop:
    """Return a shop with this many active runs, one falling due every ``GAP``."""
    shop = Shop.objects.create(
        platform=Shop.Platform.WOOCOMMERCE,
        host="shop.example",
        url="https://shop.example",
        name="Shop",
        currency="EUR",
        installed_at=START,
    )
    with access.scope(shop):
        contact = Contact.objects.create(
            shop=shop,
            email="shopper@example.org",
            address_key="shopper@example.org",
            evidence=Contact.Evidence.SIGNED,
            created_at=START,
        )
        flows = Flow.objects.bulk_create(
            Flow(shop=shop, preset=f"flow-{n}", name=f"Flow {n}", trigger="cart", priority=n)
            for n in range(_FLOWS)
        )
        FlowVersion.objects.bulk_create(
            FlowVersion(shop=shop, flow=flow, number=1, steps=[], published_at=START)
            for flow in flows
        )
    values = {"shop": shop.pk, "contact": contact.pk, "start": START, "gap": GAP}
    with connections["owner"].cursor() as cursor:
        cursor.execute(_CARTS, {**values, "carts": runs // _FLOWS})
        cursor.execute("ANALYZE carts_cart")
        cursor.execute(_RUNS, {**values, "runs": runs, "flows": _FLOWS})
        cursor.execute("VACUUM ANALYZE flows_flowrun")
    return shop
