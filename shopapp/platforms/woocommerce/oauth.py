"""Connecting a store by /wc-auth: its address, the consent page, the keys it hands over.

Pure. Nothing in the hand-over is signed and it names no store: the caller binds it to a
single-use state (sent as ``user_id``) and proves the keys by calling the store.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal
from urllib.parse import SplitResult, quote, unquote, urlencode, urlsplit

import idna

from shopapp.kit.safe_json import BadJson, loads_object
from shopapp.platforms.base import Unreadable
from shopapp.platforms.woocommerce import fields

_MAX_ADDRESS = 500
_MAX_CALLBACK_BYTES = 4096
_MAX_STATE = 200
_DEFAULT_PORTS = {"http": 80, "https": 443}
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
# What merchants paste behind the address of their shop: pages of WordPress, not folders.
_WORDPRESS_TAIL = re.compile(
    r"/(?:wp-admin|wp-login\.php|wp-json|wp-content|wp-includes|wc-auth|index\.php)(?:/.*)?\Z",
    re.IGNORECASE,
)


class BadStoreAddress(ValueError):
    """What a merchant typed is no shop's address; the text says why, for the form."""


@dataclass(frozen=True, slots=True)
class StoreAddress:
    """A store. ``url``: its home, without a slash at the end. ``key``: host, port and folder
    without the scheme, the same for http and https: what makes it the same store."""

    url: str
    key: str

    @property
    def secure(self) -> bool:
        """Return whether the store is spoken to over TLS."""
        return self.url.startswith("https://")


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The keys that a store posted to us, and the ``state`` that we gave it for the purpose."""

    state: str
    key_id: int
    consumer_key: str
    consumer_secret: str
    permissions: Literal["read", "write", "read_write"]


def normalise_store_url(text: str) -> StoreAddress:
    """Return the store that a merchant means by what was typed or pasted.

    https is assumed where no scheme is given. Raises BadStoreAddress, in words.
    """
    trimmed = text.strip()
    if not trimmed:
        raise BadStoreAddress("Enter the address of your shop, like https://shop.example.")
    if len(trimmed) > _MAX_ADDRESS or re.search(r"[\s\x00-\x1f\\<>\"']", trimmed):
        raise BadStoreAddress("This is not a web address. It looks like https://shop.example.")
    parts = _split(trimmed if "://" in trimmed else f"https://{trimmed.lstrip('/')}")
    if parts.username is not None or parts.password is not None:
        if "://" not in trimmed and "/" not in trimmed:
            raise BadStoreAddress("This is an e-mail address; enter the address of your shop.")
        raise BadStoreAddress("Leave the user name and the password out of the address.")
    host = _host(parts.hostname or "")
    port = _port(parts)
    path = _WORDPRESS_TAIL.sub("", quote(unquote(parts.path), safe="/-._~")).rstrip("/")
    key = f"{host}{port}{path}"
    return StoreAddress(url=f"{parts.scheme}://{key}", key=key)


def same_store(address: str, store: StoreAddress) -> bool:
    """Return whether a store's own word for itself (X-WC-Webhook-Source, its home address)
    means this store; the scheme may differ."""
    try:
        return normalise_store_url(address).key == store.key
    except BadStoreAddress:
        return False


def authorize_url(
    store: StoreAddress,
    *,
    app_name: str,
    state: str,
    return_url: str,
    callback_url: str,
    plain_permalinks: bool = False,
) -> str:
    """Return the store's consent page, which asks its owner to let us read and write.

    ``callback_url`` must be https (WooCommerce insists, also where the store is plain http);
    ``state`` comes back in the hand-over as it is.
    """
    if not callback_url.startswith("https://"):
        raise ValueError("WooCommerce hands keys to https addresses only")
    asked = {
        "app_name": app_name,
        "scope": "read_write",
        "user_id": state,
        "return_url": return_url,
        "callback_url": callback_url,
    }
    if plain_permalinks:
        route = {"wc-auth-version": "1", "wc-auth-route": "authorize"}
        return f"{store.url}/?{urlencode(route | asked)}"
    return f"{store.url}/wc-auth/v1/authorize?{urlencode(asked)}"


def parse_callback(body: bytes) -> HandedOver:
    """Return the keys of a hand-over, or raise Unreadable. It is unsigned: believe nothing."""
    try:
        posted = loads_object(body, max_bytes=_MAX_CALLBACK_BYTES, max_depth=2)
    except BadJson as error:
        raise Unreadable(error.reason) from error
    state = fields.text(posted, "user_id")
    if not 0 < len(state) <= _MAX_STATE:
        raise Unreadable("user_id is none of ours")
    permissions = fields.text(posted, "key_permissions")
    match permissions:
        case "read" | "write" | "read_write":
            granted = permissions
        case _:
            raise Unreadable("key_permissions is none that we know")
    return HandedOver(
        state=state,
        key_id=int(fields.identifier(posted, "key_id")),
        consumer_key=_secret(fields.text(posted, "consumer_key"), "ck_"),
        consumer_secret=_secret(fields.text(posted, "consumer_secret"), "cs_"),
        permissions=granted,
    )


def _secret(value: str, prefix: str) -> str:
    if not re.fullmatch(rf"{prefix}[0-9a-f]{{40}}", value):
        raise Unreadable("a key that is none of WooCommerce's")
    return value


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise BadStoreAddress("This is not a web address.") from error
    if parts.scheme not in _DEFAULT_PORTS:
        raise BadStoreAddress("The address of a shop begins with https:// or http://.")
    return parts


def _port(parts: SplitResult) -> str:
    try:
        port = parts.port
    except ValueError as error:
        raise BadStoreAddress("The port in this address is not a number we know.") from error
    if port == 0:
        raise BadStoreAddress("The port in this address is not a number we know.")
    return "" if port is None or port == _DEFAULT_PORTS[parts.scheme] else f":{port}"


def _host(written: str) -> str:
    """Return the host in ASCII and lower case; names without a dot are no shops, but for
    ``localhost`` (which the outbound client refuses outside of development)."""
    if ":" in written:
        return f"[{_ip(written)}]"
    name = written.rstrip(".")
    try:
        host = idna.encode(name, uts46=True).decode("ascii") if not name.isascii() else name
    except (idna.IDNAError, UnicodeError) as error:
        raise BadStoreAddress("This host name is not valid.") from error
    host = host.lower()
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise BadStoreAddress("This host name is not valid.")
    if labels[-1].isdigit():
        return _ip(host)
    if len(labels) == 1 and host != "localhost":
        raise BadStoreAddress("This host name has no ending, like .com or .example.")
    return host


def _ip(written: str) -> str:
    try:
        return str(ip_address(written))
    except ValueError as error:
        raise BadStoreAddress("This is not a valid IP address.") from error
