"""Asking one shop's Admin API: as fast as it allows, with keys that are renewed on the way."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from shopapp.kit import egress
from shopapp.kit.safe_json import Json, JsonObject
from shopapp.platforms.answers import KeysRefused, StoreUnavailable
from shopapp.platforms.connector import Renew
from shopapp.platforms.shopify import graph, identity
from shopapp.platforms.shopify.answers import (
    MAX_JSON_BYTES,
    UNAUTHORISED,
    Answer,
    Throttled,
    check_user_errors,
    cost_of,
    read_answer,
)
from shopapp.platforms.shopify.bucket import Bucket, bucket_of
from shopapp.platforms.shopify.keys import read_keys

logger = logging.getLogger(__name__)

_ATTEMPTS, _ATTEMPTS_WHEN_THROTTLED = 3, 6
_SHORTEST_WAIT, _LONGEST_WAIT = 1.0, 30.0
_WITHHELD: set[tuple[str, str]] = set()


class Api:
    """One shop's Admin API. Every method may raise a StoreError."""

    def __init__(
        self,
        host: str,
        keys: str,
        *,
        renew: Renew | None = None,
        bucket: Bucket | None = None,
        timeout: float = 30.0,
        resolver: egress.Resolver = egress.look_up,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``host``: ``name.myshopify.com``. ``keys``: as `shops.credentials` keeps them.
        ``timeout``: seconds for one request. ``sleep``: waits between two attempts."""
        self.host = host
        self.resolver = resolver
        self._keys = keys
        self._renew = renew
        self._bucket = bucket or bucket_of(host)
        self._timeout = timeout
        self._sleep = sleep

    def ask(self, name: str, **variables: Json) -> JsonObject:
        """Return the data that the operation ``queries/<name>.graphql`` asks for.

        Waits until the shop's bucket has the points. What is throttled is asked again; so is, where
        that is harmless, what met an error of the server or the network.
        """
        operation = graph.operation(name)
        attempt = 0
        while True:
            attempt += 1
            try:
                answer = self._answer(operation, variables)
            except StoreUnavailable as error:
                if attempt >= _attempts(operation, error):
                    raise
                self._sleep(error.retry_after or _SHORTEST_WAIT * 2 ** (attempt - 1))
            else:
                self._note_withheld(answer)
                return answer.data

    def change(self, name: str, root: str, **variables: Json) -> JsonObject:
        """Return the payload under ``root`` of a mutation; StoreSaidNo where the shop refused."""
        payload = self.ask(name, **variables).get(root)
        if not isinstance(payload, dict):
            raise StoreUnavailable("Shopify's answer has an unknown shape.", temporary=True)
        check_user_errors(payload)
        return payload

    def _answer(self, operation: graph.Operation, variables: JsonObject) -> Answer:
        response = self._paid(operation, variables)
        if response.status == UNAUTHORISED:
            self._renew_keys()
            response = self._paid(operation, variables)
        if response.status == UNAUTHORISED:
            raise KeysRefused("Shopify refused our token, and the new one too.")
        return read_answer(response)

    def _paid(self, operation: graph.Operation, variables: JsonObject) -> egress.Response:
        """Send a request when its points are there, and settle with the bucket."""
        cost: Json = None
        ticket = self._bucket.take(operation.name, worst=operation.cost)
        try:
            response = self._post(operation, variables)
            cost = cost_of(response)
        finally:
            self._bucket.settle(ticket, cost)
        return response

    def _post(self, operation: graph.Operation, variables: JsonObject) -> egress.Response:
        target = identity.api_target(self.host, identity.graphql_path())
        token = {"X-Shopify-Access-Token": read_keys(self._keys).access_token}
        try:
            return egress.request(
                "POST",
                target.url,
                headers={"Accept": "application/json"} | token | target.headers,
                json={"query": operation.text, "variables": variables},
                timeout=self._timeout,
                max_bytes=MAX_JSON_BYTES,
                resolver=self.resolver,
            )
        except egress.EgressRefused as error:
            raise StoreUnavailable(str(error), temporary=False) from error
        except egress.EgressFailed as error:
            raise StoreUnavailable(str(error), temporary=True) from error

    def _renew_keys(self) -> None:
        if self._renew is None:
            raise KeysRefused("Shopify refused our token.")
        self._keys = self._renew(self._keys)

    def _note_withheld(self, answer: Answer) -> None:
        """Say once which fields the app is not approved for: they stay unknown, nothing fails."""
        for field in set(answer.withheld):
            if (self.host, field) not in _WITHHELD:
                _WITHHELD.add((self.host, field))
                logger.warning("a field is withheld", extra={"host": self.host, "field": field})


def _attempts(operation: graph.Operation, error: StoreUnavailable) -> int:
    """Return how often to ask in all, when it ended like this. A long wait is the caller's."""
    if not error.temporary or (error.retry_after or 0) > _LONGEST_WAIT:
        return 1
    if isinstance(error, Throttled):
        return _ATTEMPTS_WHEN_THROTTLED
    return _ATTEMPTS if operation.repeatable else 1


def gid(kind: str, number: str) -> str:
    """Return Shopify's global id of a thing of this kind."""
    return f"gid://shopify/{kind}/{number}"
