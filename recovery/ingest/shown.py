"""What the inbox and import pages show, as plain values."""

from __future__ import annotations

import json
from typing import Any

from recovery.ingest.models import Delivery, Reading
from shopapp.platforms.words import Words

_BODY_SHOWN = 20_000
_KINDS = {
    Delivery.State.NEW: "hold",
    Delivery.State.HANDLED: "won",
    Delivery.State.QUARANTINED: "no",
    Delivery.State.PARKED: "no",
}
_STUCK = frozenset({Delivery.State.QUARANTINED, Delivery.State.PARKED})


def tabs(current: str) -> list[dict[str, Any]]:
    """Return the filters of the inbox; the stuck ones with their number."""
    stuck = {state: Delivery.objects.filter(state=state).count() for state in _STUCK}
    everything: dict[str, Any] = {"key": "", "label": "All", "count": None}
    everything |= {"current": not current, "url": "?"}
    return [
        everything,
        *(
            {
                "key": state.value,
                "label": state.label,
                "count": stuck.get(state),
                "current": current == state.value,
                "url": f"?state={state.value}",
            }
            for state in Delivery.State
        ),
    ]


def row(delivery: Delivery, words: Words) -> dict[str, Any]:
    """Return one line of the inbox. ``title``: what it tells, the topic itself if nobody knows."""
    state = Delivery.State(delivery.state)
    return {
        "id": delivery.pk,
        "received_at": delivery.received_at,
        "title": words.news.get(delivery.topic, delivery.topic),
        "topic": delivery.topic,
        "source": delivery.source,
        "state_label": state.label,
        "kind": _KINDS[state],
        "attempts": delivery.attempts,
        "problem": delivery.problem,
        "can_redrive": state in _STUCK,
    }


def detail(delivery: Delivery, words: Words) -> dict[str, Any]:
    """Return one delivery with its body in a readable form."""
    raw = bytes(delivery.body)
    text = _readable(raw)
    return {
        **row(delivery, words),
        "handled_at": delivery.handled_at,
        "headers": [],
        "body": text[:_BODY_SHOWN],
        "body_cut": len(text) > _BODY_SHOWN,
        "size": len(raw),
    }


def _readable(raw: bytes) -> str:
    """Return JSON indented, anything else as it stands. Broken bodies are shown, never fixed."""
    text = raw.decode("utf-8", errors="replace")
    # Only what was readable is indented: deep nesting overflows the parser's stack.
    if text.count("[") + text.count("{") > _BODY_SHOWN:
        return text
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def progress(words: Words) -> dict[str, Any]:
    """Return how far each kind of the store's things has been read for the first time, in the
    platform's own words."""
    rows = {reading.kind: reading for reading in Reading.objects.all()}
    kinds = [
        {
            "label": words.kinds.get(kind.value, kind.label),
            "done": rows[kind].done,
            "total": rows[kind].total,
            "state": rows[kind].state,
        }
        for kind in Reading.Kind
        if kind in rows
    ]
    states = {reading.state for reading in rows.values()}
    problems = [reading.problem for reading in rows.values() if reading.problem]
    started = [reading.started_at for reading in rows.values() if reading.started_at]
    finished = [reading.finished_at for reading in rows.values() if reading.finished_at]
    return {
        "kinds": kinds,
        "state": _overall(states),
        "running": bool(states & {Reading.State.WAITING, Reading.State.RUNNING}),
        "message": problems[0] if problems else "",
        "started_at": min(started, default=None),
        "finished_at": max(finished, default=None) if states == {Reading.State.DONE} else None,
    }


def _overall(states: set[str]) -> str:
    """Return the import's state. A kind that failed is tried again by itself: still running."""
    if not states:
        return "waiting"
    if states == {Reading.State.DONE}:
        return "done"
    if states & {Reading.State.WAITING, Reading.State.RUNNING}:
        return "running"
    return "failed"
