"""The files of bulk operations, served to whoever has the address: no token, ranges allowed."""

from __future__ import annotations

import re
from pathlib import Path

from tests.doubles.base.http import Request, Response, text_answer
from tests.doubles.shopify.admin.bulk_run import BulkWork
from tests.doubles.shopify.bulk_state import BulkState

_RANGE = re.compile(r"bytes=([0-9]+)-([0-9]*)")


def answer_storage(bulk: BulkState, request: Request, number: int) -> Response:
    """Answer a request for a file, and write down which part was handed out."""
    work: BulkWork | None = bulk.works.get(number)
    if work is None or work.path is None:
        return text_answer("<Error><Code>NoSuchKey</Code></Error>", 404, "application/xml")
    if not work.open_to(request.query.get("Signature", "")):
        return text_answer("<Error><Code>ExpiredToken</Code></Error>", 400, "application/xml")
    answer = _file(work.path, work.size, request.headers.get("range", ""))
    if found := _RANGE.fullmatch(request.headers.get("range", "")):
        first = int(found[1])
        bulk.fetched.append((number, first, first + len(answer.body) - 1))
    return answer


def _file(path: Path, size: int, wanted: str) -> Response:
    kind = ("Content-Type", "application/jsonl")
    asked = _RANGE.fullmatch(wanted)
    if asked is None:
        return Response(200, path.read_bytes(), [kind, ("Accept-Ranges", "bytes")])
    first = int(asked[1])
    last = min(int(asked[2]) if asked[2] else size - 1, size - 1)
    if first >= size or last < first:
        return Response(416, b"", [kind, ("Content-Range", f"bytes */{size}")])
    with path.open("rb") as file:
        file.seek(first)
        body = file.read(last - first + 1)
    return Response(206, body, [kind, ("Content-Range", f"bytes {first}-{last}/{size}")])
