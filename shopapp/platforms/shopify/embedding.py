"""Our pages inside Shopify's admin: who opens them, what they load, and access for their token.

A module with the functions of `platforms.embedding.Embedding`.
https://shopify.dev/docs/api/app-home and .../apps/build/authentication-authorization/id-tokens
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from shopapp.platforms.embedding import Access, NotSigned, Parts, Person, Visitor
from shopapp.platforms.shopify import admin, id_token, keys, oauth, verify
from shopapp.platforms.shopify.identity import AppIdentity, identity

token_name = "id_token"  # noqa: S105  # nosec B105 - a parameter's name
query_names = frozenset(
    {"id_token", "shop", "host", "embedded", "hmac", "timestamp", "locale", "session"}
)
retry_headers: Mapping[str, str] = {"X-Shopify-Retry-Invalid-Session-Request": "1"}

_RELOAD = "shopify-reload"
# Where App Bridge tells how fast our pages were.
_TELEMETRY = "https://monorail-edge.shopifysvc.com"


def is_known() -> bool:
    """Say whether this installation has a Shopify app."""
    return identity().is_known


def visitor(token: str) -> Visitor:
    """Return who comes with this ID token; raises NotSigned."""
    checked = _checked(token, identity())
    return Visitor(checked.shop, checked.user_id, checked.expires_at, token)


def host_named(query: Mapping[str, str]) -> str:
    """Return the shop that the admin's ``shop`` parameter names; '' for none."""
    return verify.shop_host(query.get("shop"))


def says_framed(query: Mapping[str, str]) -> bool:
    """Say whether the admin loads us into its frame."""
    return query.get("embedded") == "1"


def way_back(query: Mapping[str, str], url: str) -> dict[str, str]:
    """Return the query of the page on which App Bridge fetches an ID token and goes to ``url``."""
    kept = {name: query[name] for name in ("shop", "host", "embedded") if query.get(name)}
    return kept | {_RELOAD: url}


def leads_back(query: Mapping[str, str], app_url: str) -> bool:
    """Say whether App Bridge would go to a page of ours: another site must not get the token."""
    try:
        there, ours = urlsplit(query.get(_RELOAD, "")), urlsplit(app_url)
    except ValueError:
        return False
    return (there.scheme, there.netloc) == (ours.scheme, ours.netloc)


def admin_url(host: str) -> str:
    """Return our place in this shop's admin."""
    app = identity()
    if app.stand_in:
        return f"{app.stand_in}/admin/apps/{app.client_id}?shop={host}"
    return f"https://{host}/admin/apps/{app.client_id}"


def frame_ancestors(host: str) -> tuple[str, ...]:
    """Return who may show a page: this shop's admin; for no shop, the admin and no shop's own."""
    stand_in = identity().stand_in
    anybody = (admin.ADMIN_ORIGIN, *((stand_in,) if stand_in else ()))
    return admin.frame_ancestors(host) or anybody


def parts() -> Parts:
    """Return what a page loads: App Bridge first, then Polaris' components."""
    app = identity()
    return Parts(
        key_name="shopify-api-key",
        app_key=app.client_id,
        bridge_url=app.bridge_url,
        components_url=app.polaris_url,
        query_names=tuple(sorted(query_names)),
        connect=(_TELEMETRY,),
    )


def give_access(visitor: Visitor, *, at: datetime) -> Access:
    """Return the shop's keys for the visitor's ID token, which end those of before."""
    app = identity()
    try:
        granted = oauth.exchange_offline(_checked(visitor.token, app), app, at=at)
    except id_token.BadIdToken as error:
        raise NotSigned(str(error)) from error
    return _access(granted)


def who(visitor: Visitor, *, at: datetime) -> Person:
    """Return whether the visitor is the account's owner. Their own token serves for this question
    and is forgotten."""
    app = identity()
    try:
        staff = oauth.exchange_online(_checked(visitor.token, app), app, at=at)
    except id_token.BadIdToken as error:
        raise NotSigned(str(error)) from error
    if staff.user_id != visitor.person:
        raise NotSigned("The token is another person's.")
    return Person(owns=staff.account_owner)


def _access(granted: keys.Keys) -> Access:
    return Access(granted.to_text(), granted.granted)


def _checked(token: str, app: AppIdentity) -> id_token.IdToken:
    try:
        return id_token.check(token, app)
    except id_token.BadIdToken as error:
        raise NotSigned(str(error)) from error
