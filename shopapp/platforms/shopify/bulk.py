"""A shop's lists in full, through bulk operations: Shopify writes a file, we read it in parts.

https://shopify.dev/docs/api/usage/bulk-operations/queries . The file has a thing per line, and each
thing's parts (``__parentId``) on the lines behind it. Our place in it is a number of bytes, so that
a reading that was killed goes on without fetching again what it had finished.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from shopapp.kit.safe_json import JsonObject
from shopapp.platforms.answers import StoreSaidNo
from shopapp.platforms.base import Unreadable
from shopapp.platforms.connector import Told, Where
from shopapp.platforms.shopify import fields, graph, pages
from shopapp.platforms.shopify.api import Api, gid
from shopapp.platforms.shopify.bulk_file import PART, Lost, Part, part_of
from shopapp.platforms.shopify.bulk_lines import Disordered, things

_KIND = "BulkOperation"
_BEGUN = {"CREATED", "RUNNING"}
_WORKING = {*_BEGUN, "CANCELING"}
_DONE = "COMPLETED"
_TAKEN = {"OPERATION_IN_PROGRESS", "LIMIT_REACHED"}
# Two clocks: one that Shopify says was begun a little before our reading may still be ours. A list
# that was finished before is never taken: it would be an older reading's.
_CLOCKS_APART = timedelta(minutes=5)
_FIRST_WAIT, _WAIT, _WAIT_FOR_A_PLACE = 2.0, 5.0, 60.0
_FAILURES_BEFORE_PAGES = 2


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a full reading stands. ``operation``: the number of the one that writes our file, ''
    before there is one. ``offset``: bytes read of it. ``failures``: operations that came to
    nothing. ``page_after``: the greatest id read where we gave up on files; None before that."""

    operation: str = ""
    offset: int = 0
    failures: int = 0
    page_after: int | None = None

    def written(self) -> str:
        """Return the mark as a token; one that only waits is the operation's own global id, by
        which the platform announces that it is ready."""
        if self.page_after is not None:
            return f"pages#{self.page_after}"
        name = gid(_KIND, self.operation) if self.operation else ""
        return f"{name}#{self.offset}#{self.failures}" if self.offset or self.failures else name


def read_mark(token: str) -> Mark:
    """Return the mark that a token names; the beginning for one that is none of ours."""
    name, *numbers = token.split("#")
    if not all(number.isdigit() for number in numbers):
        return Mark()
    if name == "pages" and numbers:
        return Mark(page_after=int(numbers[0]))
    offset, failures = (int(number) for number in numbers) if len(numbers) == 2 else (0, 0)
    return Mark(fields.as_identifier(name), offset, failures)


def read(api: Api, where: Where) -> Told:
    """Return what stands at this place of a full reading; ``wait`` while Shopify still writes."""
    mark = read_mark(where.token)
    if mark.page_after is not None:
        told = pages.read(api, where, after=mark.page_after)
        after = max([mark.page_after, *(int(one) for one in told.ids)])
        return replace(told, token=Mark(page_after=after).written())
    if not mark.operation:
        return _begin(api, where, mark)
    operation = api.ask("bulk_status", id=gid(_KIND, mark.operation)).get("bulkOperation")
    if not isinstance(operation, dict):
        return _again(mark)
    return _go_on(api, where, mark, operation)


def _begin(api: Api, where: Where, mark: Mark) -> Told:
    text = graph.bulk_text(f"{pages.OPERATIONS[where.kind]}_in_bulk", _filter(where))
    number = _running(api, where, text)
    if not number:
        try:
            payload = api.change("bulk_run", "bulkOperationRunQuery", query=text)
        except StoreSaidNo as error:
            if error.code not in _TAKEN:
                raise
            return Told((), last=False, token=where.token, wait=_WAIT_FOR_A_PLACE)
        number = fields.identifier(pages.expect(payload, "bulkOperation"), "id")
    return _waiting(replace(mark, operation=number), made=0)


def _filter(where: Where) -> str:
    return " AND ".join(pages.conditions(where))


def _running(api: Api, where: Where, text: str) -> str:
    """Return the number of an operation that this reading has begun already, though the answer got
    lost; '' for none."""
    recent = pages.expect(api.ask("bulk_recent"), "bulkOperations")
    for operation in fields.rows(recent, "nodes"):
        ours = " ".join(fields.text(operation, "query").split()) == text
        if ours and _is_of(where, operation):
            return fields.identifier(operation, "id")
    return ""


def _is_of(where: Where, operation: JsonObject) -> bool:
    created_at = fields.instant(operation, "createdAt")
    if operation.get("status") == _DONE:
        return created_at >= where.started_at
    return operation.get("status") in _BEGUN and created_at >= where.started_at - _CLOCKS_APART


def _go_on(api: Api, where: Where, mark: Mark, operation: JsonObject) -> Told:
    status = operation.get("status")
    if status in _WORKING:
        return _waiting(mark, made=_count(operation, "rootObjectCount"))
    if status != _DONE:
        if operation.get("errorCode") == "ACCESS_DENIED":
            raise StoreSaidNo("ACCESS_DENIED", "The list may not be read.", 200)
        return _again(mark)
    if not _count(operation, "objectCount"):
        return Told((), last=True, total=0, ordered=False)
    try:
        part, found, read_bytes = _next_things(api, where, mark, operation)
    except (Lost, Disordered):
        return _again(mark)
    return Told(
        tuple(pages.item(thing) for thing in found),
        last=part.is_end,
        total=_count(operation, "rootObjectCount"),
        token=replace(mark, offset=mark.offset + read_bytes).written(),
        ordered=False,
    )


def _next_things(
    api: Api, where: Where, mark: Mark, operation: JsonObject
) -> tuple[Part, list[JsonObject], int]:
    """Return the next whole things, with the bytes that they take; at least one."""
    size = PART
    while True:
        part = part_of(api, fields.url(operation.get("url")), mark.offset, size=size)
        found, read_bytes = things(where.kind, part.content, is_end=part.is_end)
        if read_bytes or part.is_end:
            return part, found, read_bytes
        size *= 2


def _waiting(mark: Mark, *, made: int) -> Told:
    wait = _WAIT if made else _FIRST_WAIT
    return Told((), last=False, token=mark.written(), wait=wait, made=made)


def _again(mark: Mark) -> Told:
    """Begin anew: the operation came to nothing, or its file cannot be used. After some of that,
    go on page by page, which is slower and cannot fail in this way."""
    failures = mark.failures + 1
    page_after = 0 if failures >= _FAILURES_BEFORE_PAGES else None
    token = Mark(failures=failures, page_after=page_after).written()
    return Told((), last=False, token=token, wait=_FIRST_WAIT)


def _count(operation: JsonObject, key: str) -> int:
    try:
        return fields.as_whole(operation.get(key), key)
    except Unreadable:
        return 0
