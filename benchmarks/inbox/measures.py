"""Post signed webhooks to the real application, in turn with bare views on the same server.

No worker runs: what is measured is taking news in, which must not depend on one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.inbox import serving, stage
from benchmarks.inbox.load import Answers, post
from benchmarks.measure import alternate, percentile
from benchmarks.report import Measure, Report

_RATE = 40.0


def measure(*, quick: bool) -> Report:
    """Return how fast deliveries are taken in, and whether each acknowledged one is a row."""
    rounds, seconds, steady_seconds = (5, 1.5, 15.0) if quick else (9, 4.0, 60.0)
    webhook = stage.recorded()
    shop = stage.make_shop(webhook)
    stage.make_yardstick_table()

    def flood(port: int, requests: Iterator[bytes]) -> Answers:
        return post(port, requests, seconds=seconds)

    with (
        serving.served("shopapp.wsgi:application") as app,
        serving.served("benchmarks.inbox.bare:application") as bare,
    ):
        hook = webhook.posts(f"/hooks/{shop.platform}/{shop.public_id}/", app)
        ways: dict[str, Callable[[], Answers]] = {
            "inbox": partial(flood, app, hook),
            "bare view": partial(flood, bare, webhook.posts("/answer", bare)),
            "bare view, one INSERT": partial(flood, bare, webhook.posts("/keep", bare)),
        }
        answers: dict[str, list[Answers]] = {name: [way()] for name, way in ways.items()}

        def take(name: str) -> float:
            answers[name].append(ways[name]())
            return answers[name][-1].per_second

        found = alternate({name: partial(take, name) for name in ways}, rounds=rounds)
        steady = post(app, hook, seconds=steady_seconds, rate=_RATE)
    taken = [*answers["inbox"], steady]
    acknowledged = sum(one.statuses[200] for one in taken)
    refused = sum(one.statuses.total() for one in taken) - acknowledged
    kept = stage.rows("ingest_delivery")
    return Report(
        [
            Measure(
                "taken in, against a bare view with one INSERT",
                found.ratio("inbox", "bare view, one INSERT"),
                "x",
                must=0.03,
                goal=0.5,
            ),
            Measure(
                "taken in, against a bare view", found.ratio("inbox", "bare view"), "x", 0.01, 0.2
            ),
            *(Measure(f"  {way}", found.median(way), "/s") for way in found.values),
            Measure(f"answer at {_RATE:.0f}/s, p50", _ms(steady, 0.5), "ms"),
            Measure("  p99", _ms(steady, 0.99), "ms", must=1000, goal=100, at_most=True),
            Measure("  longest", _ms(steady, 1), "ms", must=4500, at_most=True),
            Measure("answers that were not 200", refused, "", must=0, goal=0, at_most=True),
            Measure(
                "acknowledged, but no row", acknowledged - kept, "", must=0, goal=0, at_most=True
            ),
        ],
        {
            "rounds": rounds,
            "seconds per round and way": seconds,
            "connections": 16,
            "workers": serving.WORKERS,
            "acknowledged": acknowledged,
            "rows": kept,
            "bytes of a delivery": len(webhook.body),
        },
        [found],
    )


def _ms(answers: Answers, share: float) -> float:
    return percentile(answers.seconds, share) * 1000
