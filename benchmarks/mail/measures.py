"""Build mails per second of CPU time, and hand them over, against what could not do less."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from benchmarks.mail import building, posting
from benchmarks.measure import Rounds, alternate, per_cpu_second
from benchmarks.report import Measure, Report


def measure(*, quick: bool) -> Report:
    """Return how the product's mails compare with the floor, and its sending with Django's."""
    rounds = 5 if quick else 9
    built = _build(rounds, times=60 if quick else 300)
    each = 30 if quick else 100
    handed, twice, lost = _hand_over(rounds, each)
    return Report(
        [
            Measure(
                "build a mail, CPU, against the floor",
                built.ratio("ours", "floor"),
                "x",
                must=0.04,
                goal=0.5,
            ),
            Measure(
                "  texts and layout alone",
                built.ratio("our letter", "floor's letter"),
                "x",
                must=0.03,
                goal=0.5,
            ),
            Measure("  MIME alone", built.ratio("our MIME", "floor's MIME"), "x", 0.05, 0.5),
            *(Measure(f"  {way}", built.median(way), "/s") for way in built.values),
            Measure(
                "hand over, against Django's .send()",
                handed.ratio("hand over", "send"),
                "x",
                must=0.05,
                goal=5.0,
            ),
            *(Measure(f"  {way}", handed.median(way), "/s") for way in handed.values),
            Measure("mails that somebody got twice", twice, "", must=0, goal=0, at_most=True),
            Measure("sent, but not at the sink", lost, "", must=0, goal=0, at_most=True),
        ],
        {
            "rounds": rounds,
            "mails per round, built by CPU time": 60 if quick else 300,
            "mails per round, handed over": each,
            "bytes of a mail": len(building.ours()),
        },
        [built, handed],
    )


def _build(rounds: int, *, times: int) -> Rounds:
    floor = building.Floor()
    said, made, parts = building.texts(), building.letter(), floor.letter()
    works: dict[str, Callable[[], object]] = {
        "ours": building.ours,
        "floor": floor.build,
        "our letter": building.letter,
        "floor's letter": floor.letter,
        "our MIME": partial(building.serialised, made),
        "floor's MIME": partial(floor.serialised, *parts),
        "our layout, texts given": partial(building.letter, said),
    }
    for work in works.values():
        work()
    return alternate(
        {name: partial(per_cpu_second, work, times=times) for name, work in works.items()},
        rounds=rounds,
    )


def _hand_over(rounds: int, each: int) -> tuple[Rounds, int, int]:
    """Return the rounds, how many mails came twice and how many sent ones did not come."""
    with posting.opened((rounds + 1) * each) as post:
        post.prepare(each)
        post.hand_over(each)
        found = alternate(
            {
                "prepare": partial(post.prepare, each),
                "hand over": partial(post.hand_over, each),
                "send": partial(post.send_by_django, each),
            },
            rounds=rounds,
        )
        sent, ledger = post.sent(), post.ledger()
    if len(sent) != (rounds + 1) * each:
        raise AssertionError(f"{len(sent)} messages are sent instead of {(rounds + 1) * each}")
    twice = sum(count - 1 for count in ledger.values())
    return found, twice, len({*sent, *posting.yardstick(rounds * each)} - ledger.keys())
