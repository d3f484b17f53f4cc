"""How a shop answers when something is wrong with it."""

from __future__ import annotations

import json
import time

from tests.doubles.base.http import Response, text_answer
from tests.doubles.shopify.faults import Outage


def answer_outage(outage: Outage, seconds: float, answer: Response | None = None) -> Response:
    """Return what an outage answers instead of ``answer``; raises ConnectionAbortedError where the
    connection is dropped. ``seconds``: how long it hangs or is late, real time."""
    match outage:
        case "500" | "502" | "503":
            return text_answer("Internal Server Error", int(outage), "text/plain")
        case "429":
            body = json.dumps({"errors": "Exceeded 2 calls per second for api client."})
            return text_answer(body, 429, "application/json").add("Retry-After", "1.0")
        case "html":
            return text_answer("<!doctype html><title>Maintenance</title>")
        case "slow":
            time.sleep(seconds)
            return answer or Response(503)
        case "hang":
            time.sleep(seconds)
    raise ConnectionAbortedError(f"the connection is dropped: {outage}")
