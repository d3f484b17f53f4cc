"""Bulk operations as the Admin API shows them."""

from __future__ import annotations

from typing import Any

from tests.doubles.shopify.admin.bulk_query import Refused, read_bulk_query
from tests.doubles.shopify.admin.bulk_run import BulkWork, start
from tests.doubles.shopify.admin.call import Call, Page, Reader, number_in, user_error
from tests.doubles.shopify.admin.paging import page_of
from tests.doubles.shopify.admin.search import matcher
from tests.doubles.shopify.payloads.customer_json import gid

AT_ONCE = 5


def _run(_: Any, call: Call) -> dict[str, Any]:
    text, works = call.args["query"], call.shop.bulk.works
    living = [one for one in works.values() if one.status in ("CREATED", "RUNNING")]
    if len(living) >= AT_ONCE:
        message = f"The maximum of {AT_ONCE} bulk query operations in progress has been reached."
        return _refused(message, "LIMIT_REACHED")
    assert call.schema is not None
    try:
        query = read_bulk_query(call.schema, text)
    except Refused as refusal:
        return _refused(str(refusal), "INVALID")
    work = start(call.shop, text, query, group=bool(call.args["groupObjects"]))
    return {"bulkOperation": work, "userErrors": []}


def _refused(message: str, code: str) -> dict[str, Any]:
    return {"bulkOperation": None, "userErrors": [user_error(message, ["query"], code)]}


def _one(_: Any, call: Call) -> BulkWork | None:
    return call.shop.bulk.works.get(number_in(call.args["id"], "BulkOperation"))


def _list(_: Any, call: Call) -> Page:
    facets = {
        "operation_type": lambda _: "query",
        "status": lambda one: one.status,
        "created_at": lambda one: one.created_at,
        "id": lambda one: one.id,
    }
    matches = matcher(call.args.get("query"), facets)
    found = [one for one in call.shop.bulk.works.values() if matches(one)]
    return page_of(found, call.args, key=lambda one: one.created_at, number=lambda one: one.id)


BULK: dict[tuple[str, str], Reader] = {
    ("Mutation", "bulkOperationRunQuery"): _run,
    ("QueryRoot", "bulkOperation"): _one,
    ("QueryRoot", "bulkOperations"): _list,
    ("BulkOperation", "id"): lambda one, _: gid("BulkOperation", one.id),
    ("BulkOperation", "query"): lambda one, _: one.text,
    ("BulkOperation", "url"): lambda one, call: one.address(call.shop.storage_url),
    ("BulkOperation", "fileSize"): lambda one, _: one.size if one.status == "COMPLETED" else None,
}
