"""What holds a secret does not show it: a traceback's or a tracker's text has reprs in it."""

from __future__ import annotations

from datetime import timedelta

from shopapp.platforms.embedding import Access, Visitor
from shopapp.platforms.shopify.id_token import IdToken
from shopapp.platforms.shopify.identity import AppIdentity
from shopapp.platforms.shopify.keys import Keys
from shopapp.platforms.shopify.oauth import Callback, StaffAccess
from tests.shopapp.platforms.shopify.signing import NOW

SECRET, LATER = "hush-hush", NOW + timedelta(hours=1)
HOST, OTHER_HOST = "hedge.myshopify.com", "thorn.myshopify.com"
HOLDERS = [
    Keys(SECRET, SECRET, LATER, LATER, "read_orders"),
    IdToken(HOST, "7", "a session", LATER, SECRET),
    Callback(OTHER_HOST, SECRET, ""),
    StaffAccess(SECRET, LATER, "7", SECRET, True, "", "", "en", True),
    AppIdentity("an-app", (SECRET, SECRET), "", "", "", ()),
    Visitor(HOST, "7", LATER, SECRET),
    Access(SECRET, ("read_orders",)),
]


def test_nothing_shows_the_secret_that_it_holds() -> None:
    assert SECRET not in repr(HOLDERS)
    assert HOST in repr(HOLDERS), "what names a shop is there to be read"
