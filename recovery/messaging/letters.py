"""Compose a message's letter from the shop's rows: who, what, in which language, at which price.

Names, pictures and prices come from the catalog as it stands now. A line that the catalog does not
know, or that cannot be bought, is left out; what only a browser reported never brings text along.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from babel import Locale
from babel.dates import format_datetime

from recovery.carts.models import Cart, CartLine
from recovery.catalog.models import Product, Variant
from recovery.catalog.selectors import many
from recovery.contacts.models import Contact
from recovery.messaging.fixed_texts import FixedTexts, locale_of, texts_for
from recovery.messaging.liquid_texts import Plain, Unrenderable, one_line, render_text
from recovery.messaging.models import Message, Sender
from recovery.messaging.rendering import (
    CODE_MARK,
    DEFAULT_COLOUR,
    Item,
    Letter,
    Letterhead,
    Texts,
    render,
)
from recovery.offers.selectors import discount_in
from shopapp.shops.frame import zone_of as zone
from shopapp.shops.models import Shop

WRITTEN = ("subject", "preheader", "heading", "text", "button")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
# What stands in addresses, numbers and markup, and a dot in the middle of a word.
_NO_NAME = re.compile(r"""[\d/\\:@<>{}\[\]()|=&%#$+*?!"]|\.\w{2}|\bwww\b""", re.IGNORECASE)
_MAX_NAME = 40
_MAX_SUBJECT = 200
_MAX_ITEMS = 20


def compose(
    shop: Shop,
    sender: Sender,
    *,
    kind: str,
    content: dict[str, Any],
    cart: Cart | None,
    contact: Contact | None,
    locale: str = "",
) -> Letter | Unrenderable | None:
    """Return the letter, why its texts cannot be rendered, or None when nothing is left to show."""
    spoken = locale_of(locale, shop.locale)
    fixed = texts_for(spoken)
    items = items_of(shop, cart, spoken)
    if cart is not None and not items and kind != Message.Kind.TEST:
        return None
    texts = (
        _asked(fixed, shop, cart, contact)
        if kind == Message.Kind.MY_CART
        else _written(
            content, _values(shop, contact, items), _offered(shop, content, spoken), shop, fixed
        )
    )
    if isinstance(texts, Unrenderable):
        return texts
    if kind == Message.Kind.TEST:
        subject = f"[{fixed.test_mark}] {texts.subject}"
        texts = replace(texts, subject=subject, test_mark=fixed.test_mark)
    shown = items if content.get("items", True) else ()
    return render(texts, shown, letterhead(shop, sender), fixed, spoken)


def subject_of(
    shop: Shop, *, content: dict[str, Any], cart: Cart | None, contact: Contact | None
) -> str:
    """Return the subject as it would read now, or as it was written when it cannot be rendered."""
    written = str(content.get("subject", ""))
    items = items_of(shop, cart, locale_of(shop.locale))
    subject = render_text(written, {**_values(shop, contact, items), "discount": None})
    return one_line(written if isinstance(subject, Unrenderable) else subject)[:_MAX_SUBJECT]


def letterhead(shop: Shop, sender: Sender) -> Letterhead:
    """Return whose letter it is; what is no colour or web address is left out."""
    colour = sender.brand_color if _COLOUR.fullmatch(sender.brand_color) else DEFAULT_COLOUR
    return Letterhead(
        shop_name=one_line(shop.name),
        shop_url=_web_address(shop.url),
        sender_name=one_line(sender.name or shop.name),
        legal_address=sender.legal_address,
        colour=colour,
        logo_url=_web_address(sender.logo_url),
    )


def items_of(shop: Shop, cart: Cart | None, locale: Locale) -> tuple[Item, ...]:
    """Return the cart's lines that can be bought now, at today's price."""
    return tuple(item for _, item in _placed_items(shop, cart, locale))


def lines_to_show(shop: Shop, cart: Cart | None, urls: dict[int, str]) -> list[dict[str, Any]]:
    """Return the cart's lines for a shopper's page; ``urls`` by the line's position."""
    return [
        {
            "name": item.name,
            "detail": item.detail,
            "quantity": item.quantity,
            "image": item.image_url,
            "price": item.price,
            "url": urls.get(position, ""),
        }
        for position, item in _placed_items(shop, cart, locale_of(shop.locale))
    ]


def _placed_items(shop: Shop, cart: Cart | None, locale: Locale) -> list[tuple[int, Item]]:
    """Return the items with the positions of their lines."""
    if cart is None:
        return []
    lines = list(CartLine.objects.filter(cart=cart).order_by("position"))
    sold = many(shop, [(line.product_id, line.variant_id) for line in lines])
    products = many(shop, [(line.product_id, "") for line in lines])
    items = []
    for line in lines:
        thing = sold.get((line.product_id, line.variant_id))
        product = products.get((line.product_id, ""))
        if thing is not None and _can_be_bought(thing, product):
            items.append((line.position, _item(line, thing, product, locale)))
    return items[:_MAX_ITEMS]


def _can_be_bought(thing: Product | Variant, product: Product | Variant | None) -> bool:
    return thing.available and (not isinstance(product, Product) or product.published)


def _item(
    line: CartLine, thing: Product | Variant, product: Product | Variant | None, locale: Locale
) -> Item:
    name, detail = thing.name, ""
    if isinstance(thing, Variant):
        detail = " · ".join(str(value) for _, value in thing.attributes)
        name = product.name if product is not None else thing.name
    image = thing.image_url or (product.image_url if product is not None else "")
    return Item(
        name=one_line(name),
        detail=one_line(detail),
        quantity=line.quantity,
        price=thing.price.shown(str(locale)),
        image_url=_web_address(image),
    )


def _values(shop: Shop, contact: Contact | None, items: tuple[Item, ...]) -> dict[str, Plain]:
    # In Liquid an empty text is true: what is unknown must be nothing.
    known = contact is not None and contact.evidence != Contact.Evidence.BROWSER
    return {
        "first_name": _greeted(contact.first_name) if contact and known else None,
        "first_item": items[0].name if items else None,
        "shop_name": one_line(shop.name),
        "count": len(items),
    }


def _greeted(name: str) -> str | None:
    """Return a name to greet with, None for what reads as no person's.

    Whoever checks out may type any address and any name: no advertisement is mailed for them.
    """
    told = one_line(name)
    return told if told and len(told) <= _MAX_NAME and not _NO_NAME.search(told) else None


def _offered(shop: Shop, content: dict[str, Any], locale: Locale) -> dict[str, Plain]:
    """Return what the texts may say of the discount: its code, and its end where it has one."""
    discount = discount_in(content)
    if discount is None:
        return {}
    ends_at = discount.ends_at
    told = (
        None
        if ends_at is None
        else format_datetime(ends_at, "d MMMM HH:mm", tzinfo=zone(shop), locale=locale)
    )
    return {"code": CODE_MARK, "ends_at": told}


def _written(
    content: dict[str, Any],
    values: dict[str, Plain],
    offered: dict[str, Plain],
    shop: Shop,
    fixed: FixedTexts,
) -> Texts | Unrenderable:
    rendered: dict[str, str] = {}
    for name in WRITTEN:
        # No code in the subject: lists and timelines show it.
        told = {**offered, "code": None} if name == "subject" else offered
        text = render_text(str(content.get(name, "")), {**values, "discount": told})
        if isinstance(text, Unrenderable):
            return Unrenderable(f"{name}: {text.problem}")
        rendered[name] = text if name == "text" else one_line(text)
    return Texts(
        subject=rendered["subject"][:_MAX_SUBJECT] or fixed.asked_subject.format(shop=shop.name),
        preheader=rendered["preheader"],
        heading=rendered["heading"],
        text=rendered["text"],
        button=rendered["button"] or fixed.asked_button,
        why=fixed.why.format(shop=one_line(shop.name)),
    )


def _asked(fixed: FixedTexts, shop: Shop, cart: Cart | None, contact: Contact | None) -> Texts:
    name = one_line(shop.name)
    return Texts(
        subject=fixed.asked_subject.format(shop=name)[:_MAX_SUBJECT],
        preheader=fixed.asked_preheader,
        heading=fixed.asked_heading,
        text=fixed.asked_text,
        button=fixed.asked_button,
        why=fixed.why_asked.format(shop=name),
        asks_to_confirm=not is_settled(cart, contact),
    )


def is_settled(cart: Cart | None, contact: Contact | None) -> bool:
    """Say whether the address is known to be its owner's, and the cart that person's.

    A browser may name anybody's address for its own cart: only the mailbox's owner settles it.
    """
    if contact is None:
        return True
    theirs = cart is None or cart.contact_id == contact.pk
    return contact.confirmed_at is not None and theirs


def _web_address(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.netloc else ""
