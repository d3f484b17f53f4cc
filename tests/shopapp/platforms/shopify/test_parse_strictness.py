"""Whatever a body holds, it is read or it is Unreadable: no other exception ever."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopapp.kit.money import Money
from shopapp.kit.safe_json import Json
from shopapp.platforms.base import Event, Unreadable
from shopapp.platforms.shopify.parse import parse_delivery, parse_node
from shopapp.platforms.shopify.topics import COMPLIANCE, TOPICS
from tests.shopapp.platforms.shopify.things import FACTS, Address, Order, Person, Row, sample
from tests.shopapp.platforms.shopify.things_on_shelves import Checkout, Product, Variant

SAID = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
KINDS = ("orders", "checkouts", "products", "variations", "categories", "customers")
WRONG: tuple[Json, ...] = (
    None, True, False, 0, -1, 1, 2**63 - 1, 1.5, -0.0, 1e308, "", " ", "x", "1", "é\u202e",
    "9" * 400,
    "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59",
    "gid://shopify/Order/0", "1e5", "NaN", [], {}, [None], [[]], [{}], {"nodes": 5}, {"edges": [5]},
    {"shop_money": 5}, {"shopMoney": {"amount": "x"}}, {"id": []},
)  # fmt: skip


def bodies() -> dict[str, Json]:
    """Return one full body per topic."""
    own: dict[str, Json] = {
        "orders": Order(refunds=("1.00",), shipping=Address(), notes=(("a", "b"),)).body(),
        "checkouts": Checkout(notes=(("a", "b"),)).body(),
        "products": Product(variants=(Variant(picture="https://x.example/a.png"),)).body(),
        "customers": Person(home=Address()).body(),
        "variants": {"id": 1, "product_id": 2},
    }
    found: dict[str, Json] = {}
    for topic in (*TOPICS, *COMPLIANCE):
        family, _, event = topic.partition("/")
        usual = family in own and event not in {"delete", "redact", "data_request"}
        found[topic] = own[family] if usual else sample(topic)
    return found


def nodes() -> dict[str, Json]:
    """Return one full node per kind."""
    product = Product().node()
    return {
        "orders": Order(rows=(Row(taken=("1.00",)),), landing="/?utm_source=rebasket").node(),
        "checkouts": Checkout().node(),
        "products": product,
        "variations": {**Variant().node(), "product": product},
        "categories": {"id": "gid://shopify/Collection/3", "title": "Tea", "handle": "tea"},
        "customers": Person(home=Address()).node(),
    }


BODIES, NODES = bodies(), nodes()


def places(value: Json, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    inside: Any = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        inside = enumerate(value[:1])
    for key, inner in inside:
        yield from places(inner, (*path, key))


def changed(value: Json, path: tuple[str | int, ...], new: Json) -> Json:
    if not path:
        return new
    copied: Any = copy.deepcopy(value)
    place = copied
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = new
    return copied


def sound(value: object) -> bool:
    """Say whether every amount, moment and text in an event is one that can be kept."""
    if isinstance(value, Money):
        return abs(value.minor) <= 2**53
    if isinstance(value, datetime):
        return value.tzinfo is UTC
    if isinstance(value, str):
        return len(value) <= 2100
    if isinstance(value, tuple):
        return all(map(sound, value))
    if is_dataclass(value):
        return all(sound(getattr(value, one.name)) for one in fields(value))
    return True


def tried(topic: str, body: Json) -> None:
    try:
        events = parse_delivery(topic, body, FACTS, said_at=SAID)
    except Unreadable:
        return
    assert all(sound(event) for event in events)


def read(kind: str, node: Any) -> tuple[Event, ...]:
    try:
        return parse_node(kind, node, FACTS)
    except Unreadable:
        return ()


@pytest.mark.parametrize("topic", BODIES)
def test_any_field_of_a_body_may_be_anything(topic: str) -> None:
    assert parse_delivery(topic, BODIES[topic], FACTS, said_at=SAID)
    for path in places(BODIES[topic]):
        for wrong in WRONG:
            tried(topic, changed(BODIES[topic], path, wrong))


@pytest.mark.parametrize("kind", KINDS)
def test_any_field_of_a_node_may_be_anything(kind: str) -> None:
    assert read(kind, NODES[kind])
    for path in places(NODES[kind]):
        for wrong in WRONG:
            if path or isinstance(wrong, dict):
                assert all(map(sound, read(kind, changed(NODES[kind], path, wrong))))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
usual = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


@usual
@given(st.data())
def test_a_body_with_several_fields_replaced_is_read_or_unreadable(data: st.DataObject) -> None:
    topic = data.draw(st.sampled_from(sorted(BODIES)))
    body = BODIES[topic]
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from(list(places(body))))
        body = changed(body, path, data.draw(json_values))
    tried(topic, body)


@usual
@given(st.data())
def test_a_node_with_several_fields_replaced_is_read_or_unreadable(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    node = NODES[kind]
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from([one for one in places(node) if one]))
        node = changed(node, path, data.draw(json_values))
    assert all(map(sound, read(kind, node)))


@usual
@given(st.sampled_from(sorted(BODIES)), st.binary(max_size=200))
def test_any_bytes_are_read_or_unreadable(topic: str, raw: bytes) -> None:
    try:
        parse_delivery(topic, raw, FACTS, said_at=SAID)
    except Unreadable:
        return


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"null", b"5", b'"x"', b'{"id":1,"id":2}', b'{"id":NaN}', b"[" * 100_000,
     b'{"id":' + b"9" * 5000 + b"}", b"\xff", b'{"a":"\\ud800"}', b" " * (5 * 1024 * 1024 + 1)],
)  # fmt: skip
def test_a_body_that_is_no_object_is_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        parse_delivery("orders/create", raw, FACTS, said_at=SAID)


def test_more_lines_than_a_cart_has_are_unreadable() -> None:
    with pytest.raises(Unreadable):
        parse_delivery("orders/create", {**Order().body(), "line_items": [{}] * 501}, FACTS)
    assert read("checkouts", {**Checkout().node(), "lineItems": {"nodes": [{}] * 501}}) == ()
