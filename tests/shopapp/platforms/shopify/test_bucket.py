"""A shop's points are never overdrawn, whatever its size, and no shop waits for another."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shopapp.platforms.shopify.bucket import Bucket, bucket_of


@dataclass
class Clock:
    """A clock that only sleeping moves."""

    at: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.slept.append(seconds)
        self.at += seconds


@dataclass
class Shopify:
    """The other side: a bucket of its own, which refuses what it has no points for."""

    clock: Clock
    size: float
    rate: float
    left: float
    throttled: int = 0
    filled_at: float = 1000.0

    def ask(self, requested: float, actual: float) -> dict[str, Any]:
        elapsed = self.clock.at - self.filled_at
        self.left = min(self.size, self.left + elapsed * self.rate)
        self.filled_at = self.clock.at
        if requested > self.left:
            self.throttled += 1
        else:
            self.left -= actual
        return {
            "requestedQueryCost": requested,
            "actualQueryCost": actual,
            "throttleStatus": {
                "maximumAvailable": self.size,
                "currentlyAvailable": int(self.left),
                "restoreRate": self.rate,
            },
        }


def _bucket(clock: Clock) -> Bucket:
    return Bucket(clock=clock.now, sleep=clock.sleep)


costs = st.integers(1, 1000)


@example((1000, 50), [(1, 1, 0.0), (1000, 1, 0.0)])
@given(
    st.sampled_from([(1000, 50), (1000, 100), (2000, 100), (4000, 200), (20000, 1000)]),
    st.lists(st.tuples(costs, costs, st.floats(0, 3)), min_size=1, max_size=40),
)
def test_a_shop_alone_is_never_throttled(
    plan: tuple[int, int], asked: list[tuple[int, int, float]]
) -> None:
    """Operations are asked for at their worst, cost less or as much, and time passes between."""
    clock = Clock()
    size, rate = plan
    shop, bucket = Shopify(clock, size, rate, left=size), _bucket(clock)
    for number, (requested, actual, pause) in enumerate(asked):
        ticket = bucket.take(f"operation {number}", worst=requested)
        bucket.settle(ticket, shop.ask(requested, min(actual, requested)))
        clock.at += pause
    assert shop.throttled == 0


def test_it_waits_no_longer_than_it_has_to() -> None:
    clock = Clock()
    shop, bucket = Shopify(clock, 1000, 50, left=1000), _bucket(clock)
    for _ in range(5):
        ticket = bucket.take("orders", worst=800)
        bucket.settle(ticket, shop.ask(800, 800))
    # 4000 points, of which 1000 were there: 60 seconds at 50 a second, and a point for rounding.
    assert sum(clock.slept) == pytest.approx(60, abs=0.5)
    assert shop.throttled == 0


def test_what_an_operation_really_asks_counts_once_it_is_known() -> None:
    clock = Clock()
    shop, bucket = Shopify(clock, 1000, 50, left=1000), _bucket(clock)
    for _ in range(8):
        bucket.settle(bucket.take("orders", worst=990), shop.ask(100, 100))
    assert clock.slept == []


def test_no_size_and_no_rate_is_taken_for_granted() -> None:
    clock = Clock()
    shop, bucket = Shopify(clock, 300, 7, left=300), _bucket(clock)
    for _ in range(4):
        bucket.settle(bucket.take("orders", worst=250), shop.ask(250, 250))
    assert shop.throttled == 0
    assert sum(clock.slept) == pytest.approx(700 / 7, abs=1)


def test_an_answer_that_was_lost_is_counted_as_spent() -> None:
    clock = Clock()
    shop, bucket = Shopify(clock, 1000, 50, left=1000), _bucket(clock)
    bucket.settle(bucket.take("first", worst=10), shop.ask(10, 10))
    lost = bucket.take("orders", worst=800)
    shop.ask(800, 800)
    bucket.settle(lost, None)
    bucket.settle(bucket.take("orders", worst=800), shop.ask(800, 800))
    assert shop.throttled == 0
    assert clock.slept != []


def test_requests_under_way_together_share_the_points() -> None:
    clock = Clock()
    shop, bucket = Shopify(clock, 1000, 100, left=1000), _bucket(clock)
    bucket.settle(bucket.take("first", worst=10), shop.ask(10, 10))
    under_way = [(bucket.take("orders", worst=400), shop.ask(400, 400)) for _ in range(4)]
    for ticket, cost in reversed(under_way):
        bucket.settle(ticket, cost)
    bucket.settle(bucket.take("orders", worst=400), shop.ask(400, 400))
    assert shop.throttled == 0


def test_nothing_is_known_before_the_first_answer_so_it_is_waited_for() -> None:
    bucket = Bucket()
    first = bucket.take("orders", worst=800)
    order: list[str] = []

    def second() -> None:
        ticket = bucket.take("orders", worst=800)
        order.append("second asks")
        bucket.settle(ticket, None)

    thread = threading.Thread(target=second)
    thread.start()
    thread.join(0.05)
    order.append("first is answered")
    bucket.settle(first, Shopify(Clock(), 2000, 100, left=2000).ask(800, 800))
    thread.join(5)
    assert order == ["first is answered", "second asks"]


def test_an_empty_bucket_of_one_shop_makes_no_other_wait() -> None:
    clock, other_clock = Clock(), Clock()
    empty, full = _bucket(clock), _bucket(other_clock)
    empty.settle(empty.take("a", worst=1), Shopify(clock, 1000, 1, left=1).ask(1, 1))
    full.settle(full.take("a", worst=1), Shopify(other_clock, 1000, 1, left=1000).ask(1, 1))
    empty.take("orders", worst=800)
    full.take("orders", worst=800)
    assert (len(clock.slept), len(other_clock.slept)) == (1, 0)
    assert bucket_of("one.myshopify.com") is bucket_of("one.myshopify.com")
    assert bucket_of("one.myshopify.com") is not bucket_of("two.myshopify.com")


@pytest.mark.parametrize("cost", [None, {}, [], {"throttleStatus": {"maximumAvailable": "many"}}])
def test_an_answer_that_tells_nothing_of_points_does_no_harm(cost: Any) -> None:
    clock = Clock()
    bucket = _bucket(clock)
    bucket.settle(bucket.take("orders", worst=800), cost)
    bucket.settle(bucket.take("orders", worst=800), cost)
    assert clock.slept == []
