"""``POST /admin/api/2026-10/graphql.json``: tokens, costs, throttles, execution."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    execute,
    parse,
    validate,
)
from graphql.execution.values import get_variable_values

from tests.doubles.base.http import Request, Response
from tests.doubles.shopify.admin.call import refuse
from tests.doubles.shopify.admin.context import Context
from tests.doubles.shopify.admin.cost import MAX_COST, Costing
from tests.doubles.shopify.admin.schema import admin_schema
from tests.doubles.shopify.faults import Outage
from tests.doubles.shopify.outages import answer_outage
from tests.doubles.shopify.settings import API_VERSION, dump
from tests.doubles.shopify.shop import Shop

_NO_TOKEN = "[API] Invalid API key or access token (unrecognized login or wrong password)"
_LASTING = (
    "[API] Non-expiring access tokens are no longer accepted for the Admin API. "
    "Start using expiring offline tokens."
)
_MAX_ARRAY = 250
_LIMITS_PAGE = "https://shopify.dev/api/usage/rate-limits"


def answer_graphql(shop: Shop, request: Request, version: str) -> Response:
    """Answer one request to the Admin API."""
    outage = shop.faults.take("graphql")
    if outage and outage not in ("slow", "lost"):
        return answer_outage(outage, shop.faults.seconds)
    if version != API_VERSION:
        return as_json({"errors": "Not Found"}, 404)
    refusal = _refused_token(shop, request.headers.get("x-shopify-access-token", ""))
    if refusal is not None:
        return refusal
    try:
        posted = request.json()
        text, variables = posted["query"], posted.get("variables") or {}
    except (ValueError, KeyError, TypeError, AttributeError):
        return as_json({"errors": {"query": "Required parameter missing or invalid"}}, 400)
    answer = run_operation(shop, text, variables, posted.get("operationName"))
    return _late(shop, outage, as_json(answer))


def run_operation(
    shop: Shop, text: str, variables: dict[str, Any], name: str | None = None
) -> dict[str, Any]:
    """Return the answer to an operation: data, errors and what it cost."""
    schema = admin_schema()
    try:
        document, errors = _read(text)
        if errors:
            return {"errors": [_as_shopify(one) for one in errors]}
        operation = _operation(document, name)
        values = get_variable_values(schema, operation.variable_definitions, variables)
        if isinstance(values, list):
            return {"errors": [_as_shopify(one, "INVALID_VARIABLE") for one in values]}
        _check_sizes(values)
    except GraphQLError as error:
        return {"errors": [_as_shopify(error)]}
    fragments = {
        one.name.value: one
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }
    costing = Costing(schema, fragments, values)
    return _spend(shop, document, operation, variables, costing)


@lru_cache(maxsize=256)
def _read(text: str) -> tuple[DocumentNode, list[GraphQLError]]:
    """Return an operation and what is wrong with it; the same texts are asked again and again."""
    document = parse(text)
    return document, validate(admin_schema(), document)


def _check_sizes(value: Any) -> None:
    """Refuse arrays of more than 250 items, wherever they stand in the variables."""
    inner = value.values() if isinstance(value, dict) else value
    if not isinstance(value, (dict, list)):
        return
    if isinstance(value, list) and len(value) > _MAX_ARRAY:
        message = (
            f"The input array size of {len(value)} is greater than the maximum allowed of 250."
        )
        raise refuse(message, "MAX_INPUT_SIZE_EXCEEDED")
    for one in inner:
        _check_sizes(one)


def _spend(
    shop: Shop,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: dict[str, Any],
    costing: Costing,
) -> dict[str, Any]:
    title = operation.name.value if operation.name else ""
    requested = costing.requested(operation)
    if requested > MAX_COST:
        return {"errors": [_too_dear(requested)]}
    if not shop.bucket.take(title, requested):
        return _throttled(shop, requested)
    with shop.state.lock:
        result = execute(
            admin_schema(),
            document,
            variable_values=variables,
            operation_name=title or None,
            context_value=Context(shop, frozenset(shop.faults.redacted)),
        )
    assert isinstance(result, ExecutionResult)
    actual = min(requested, costing.actual(operation, result.data))
    shop.bucket.settle(title, requested, actual)
    answer: dict[str, Any] = {"data": result.data}
    if result.errors:
        answer["errors"] = [dict(one.formatted) for one in result.errors]
    answer["extensions"] = {"cost": shop.bucket.cost_json(requested, actual)}
    return answer


def as_json(value: object, status: int = 200) -> Response:
    """Return an answer of the Admin API."""
    answer = Response(status, dump(value), [("Content-Type", "application/json; charset=utf-8")])
    return answer.add("X-Shopify-API-Version", API_VERSION)


def _refused_token(shop: Shop, token: str) -> Response | None:
    with shop.state.lock:
        access = shop.tokens.find(token)
    if access is None:
        return as_json({"errors": _NO_TOKEN}, 401)
    return as_json({"errors": _LASTING}, 403) if access.lasting else None


def _late(shop: Shop, outage: Outage, answer: Response) -> Response:
    return answer_outage(outage, shop.faults.seconds, answer) if outage else answer


def _operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    found = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    if name:
        found = [one for one in found if one.name and one.name.value == name]
    if len(found) != 1:
        raise refuse("An operation name is required", "BAD_REQUEST")
    return found[0]


def _as_shopify(error: GraphQLError, code: str = "") -> dict[str, Any]:
    """Return an error that came before execution."""
    told: dict[str, Any] = json.loads(json.dumps(error.formatted))
    if code and "extensions" not in told:
        told["extensions"] = {"code": code}
    return told


def _too_dear(cost: int) -> dict[str, Any]:
    return {
        "message": (
            f"Query cost is {cost}, which exceeds the single query max cost limit ({MAX_COST}).\n\n"
            f"See {_LIMITS_PAGE} for more information on how the\ncost of a query is calculated."
        ),
        "extensions": {
            "code": "MAX_COST_EXCEEDED",
            "cost": cost,
            "maxCost": MAX_COST,
            "documentation": _LIMITS_PAGE,
        },
    }


def _throttled(shop: Shop, requested: int) -> dict[str, Any]:
    return {
        "errors": [
            {
                "message": "Throttled",
                "extensions": {"code": "THROTTLED", "documentation": _LIMITS_PAGE},
            }
        ],
        "extensions": {"cost": shop.bucket.cost_json(requested, None)},
    }
