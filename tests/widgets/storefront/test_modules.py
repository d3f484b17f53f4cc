"""The script's own functions, each module imported as it is written into a bare page."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.widgets.storefront.shop import CARTS, FULL, FULL_WITH_ADDRESS, SERVED, SOURCES

DAY, MINUTE = 86_400_000, 60_000
CART = {"plugin": True, "known": False, "lines": [{}], "hash": "h"}
WANTED = {"popup": {"enabled": True}, "consent": {"wording": "Yes"}, "reminder": {"enabled": True}}


def run(page: Page, module: str, expression: str, argument: Any = None) -> Any:
    """Returns what an expression over a source module `m` and an argument `a` gives."""
    return page.evaluate(f"(a) => import('/src/{module}.js').then((m) => {expression})", argument)


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ({}, True),
        ({"cart": {**CART, "lines": []}}, False),
        ({"cart": {**CART, "known": True}}, False),
        ({"cart": {**CART, "known": True, "plugin": False}}, True),
        ({"cartId": ""}, False),
        ({"place": "checkout"}, False),
        ({"place": "ordered"}, False),
        ({"place": "cart"}, True),
        ({"shown": 93 * DAY + 1}, False),
        ({"shown": 93 * DAY}, True),
    ],
)
def test_when_the_popup_is_due(module_page: Page, changes: dict[str, Any], due: bool) -> None:
    state = {"cart": CART, "cartId": "c", "place": "shop", "now": 100 * DAY, **changes}
    assert run(module_page, "due", "m.isPopupDue(...a)", [WANTED, state]) is due


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ({}, True),
        ({"away": 29 * MINUTE}, False),
        ({"place": "cart"}, False),
        ({"before": {"hash": "other", "touched": 0}}, False),
        ({"before": {"hash": "h", "touched": 71 * MINUTE}}, False),
        ({"before": {}}, False),
    ],
)
def test_when_the_reminder_is_due(module_page: Page, changes: dict[str, Any], due: bool) -> None:
    state = {
        "cart": CART,
        "place": "shop",
        "before": {"hash": "h", "touched": 70 * MINUTE},
        "away": 30 * MINUTE,
        "now": 100 * MINUTE,
        **changes,
    }
    assert run(module_page, "due", "m.isReminderDue(...a)", [WANTED, state]) is due


@pytest.mark.parametrize(
    ("email", "box", "ticked", "said"),
    [
        ("anna@example.se", True, True, ""),
        ("anna@example.se", False, False, ""),
        ("anna@example.se", True, False, "box_missing"),
        ("", True, True, "email_missing"),
        ("anna@", True, True, "email_wrong"),
        ("a b@example.se", True, True, "email_wrong"),
    ],
)
def test_what_is_wrong_with_an_answer(
    module_page: Page, email: str, box: bool, ticked: bool, said: str
) -> None:
    answer = {"email": email, "box": box, "ticked": ticked}
    assert run(module_page, "form", "m.complaint(a)", answer) == said


def test_a_recorded_cart_is_read_whole(module_page: Page) -> None:
    recorded = json.loads((CARTS / FULL).read_text())["response"]["json"]
    cart = run(module_page, "cart", "m.parseCart(a, 'hash')", recorded)
    assert {name: cart[name] for name in ("id", "plugin", "hash", "known", "country")} == {
        "id": "",
        "plugin": False,
        "hash": "hash",
        "known": False,
        "country": "",
    }
    assert [
        (line["id"], line["varies"], line["quantity"], line["detail"]) for line in cart["lines"]
    ] == [
        (12, False, 2, ""),
        (49, True, 3, "Red, S"),
        (59, True, 1, "Black, S"),
        (68, True, 2, "Red"),
    ]


def test_a_country_counts_once_the_shopper_stated_an_address(module_page: Page) -> None:
    recorded = json.loads((CARTS / FULL_WITH_ADDRESS).read_text())["response"]["json"]
    cart = run(module_page, "cart", "m.parseCart(a)", recorded)
    assert cart["known"] is True
    assert cart["country"] == recorded["billing_address"]["country"] != ""
    assert "@" not in json.dumps(cart)


def test_ids_are_of_their_kind(module_page: Page) -> None:
    ids = run(module_page, "app", "Array.from({length: 200}, m.eventId)")
    assert len(set(ids)) == 200
    assert {(one[14], one[19] in "89ab", len(one)) for one in ids} == {("4", True, 36)}


@pytest.mark.parametrize(
    ("accent", "page", "on_accent", "surface"),
    [
        ("#0f5c46", [255, 255, 255], "#fff", "#fff"),
        ("#f2b544", [255, 255, 255], "#000", "#fff"),
        ("#777777", [16, 17, 20], "#000", "#1d1e22"),
        ("javascript:x", [255, 255, 255], "#fff", "#fff"),
        (None, [16, 17, 20], "#000", "#1d1e22"),
    ],
)
def test_colours_can_always_be_read(
    module_page: Page, accent: str | None, page: list[int], on_accent: str, surface: str
) -> None:
    drawn = run(
        module_page, "layer", "m.palette({accent: a[0] ?? undefined}, a[1])", [accent, page]
    )
    assert (drawn["on-accent"], drawn["surface"]) == (on_accent, surface)
    contrast = """(() => {
        const twice = (hex) => hex.replace(/[0-9a-f]/g, (digit) => digit + digit);
        const long = (hex) => hex.length < 7 ? twice(hex) : hex;
        const light = (name) => m.luminance(m.rgb(long(a[name]))) + 0.05;
        const pairs = ['ink', 'soft', 'wrong'].map((name) => ['surface', name]);
        return [['accent', 'on-accent'], ...pairs]
            .map(([one, other]) => [light(one), light(other)])
            .map((pair) => Math.max(...pair) / Math.min(...pair));
    })()"""
    assert min(run(module_page, "layer", contrast, drawn)) >= 4.5


def test_leaving_through_the_top_counts_once_and_coming_back_in_time_does_not(
    module_page: Page,
) -> None:
    told = run(
        module_page,
        "exit",
        """(async () => {
            const told = [];
            const root = new EventTarget();
            const move = (type, clientY) => root.dispatchEvent(new MouseEvent(type, { clientY }));
            const wait = () => new Promise((done) => setTimeout(done, 40));
            m.watchExit(() => told.push('left'), { root, delay: 10 });
            move('mouseleave', 300); await wait(); told.push('side');
            move('mouseleave', 0); move('mouseenter', 5); await wait(); told.push('back');
            move('mouseleave', 0); await wait(); move('mouseleave', 0); await wait();
            return told;
        })()""",
    )
    assert told == ["side", "back", "left"]


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        ([(0, 0), (100, 800), (150, 600), (200, 400)], True),
        ([(0, 0), (100, 800), (600, 600), (1000, 450)], False),
        ([(0, 0), (100, 800), (120, 700)], False),
        ([(0, 0), (100, 400), (200, 900)], False),
    ],
)
def test_only_a_fast_scroll_upwards_counts(
    module_page: Page, steps: list[tuple[int, int]], left: bool
) -> None:
    told = run(
        module_page,
        "exit",
        """(() => {
            let told = false, time = 0;
            const root = new EventTarget();
            const view = Object.assign(new EventTarget(), { scrollY: 0, document: root });
            m.watchReturn(() => (told = true), { view, now: () => time });
            for (const [at, y] of a) {
                time = at;
                view.scrollY = y;
                view.dispatchEvent(new Event('scroll'));
            }
            return told;
        })()""",
        steps,
    )
    assert told is left


@pytest.mark.parametrize(("gone", "left"), [(2_000, False), (4_000, True)])
def test_a_page_hidden_for_a_while_and_looked_at_again_counts(
    module_page: Page, gone: int, left: bool
) -> None:
    told = run(
        module_page,
        "exit",
        """(() => {
            let told = false, time = 1000;
            const root = Object.assign(new EventTarget(), { hidden: false });
            const view = Object.assign(new EventTarget(), { scrollY: 0, document: root });
            const turn = (hidden) => {
                root.hidden = hidden;
                root.dispatchEvent(new Event('visibilitychange'));
            };
            m.watchReturn(() => (told = true), { view, now: () => time });
            turn(true); time += a; turn(false);
            return told;
        })()""",
        gone,
    )
    assert told is left


@pytest.mark.parametrize(
    ("told", "root", "url"),
    [
        ("", "/wp-json/", "/cart/"),
        ("", "/store/wp-json/", "/store/cart/"),
        ("", "/index.php?rest_route=/", "/cart/"),
        ("/warenkorb/", "/wp-json/", "/warenkorb/"),
        ("https://elsewhere.example/", "/wp-json/", "/cart/"),
        ("javascript:alert(1)", "/wp-json/", "/cart/"),
    ],
)
def test_the_cart_page_is_on_the_shops_own_origin(
    module_page: Page, told: str, root: str, url: str
) -> None:
    found = run(module_page, "place", "m.cartUrl(a[0], location.origin + a[1])", [told, root])
    assert found.removeprefix(module_page.evaluate("location.origin")) == url


def test_the_served_files_are_made_from_these_sources() -> None:
    facts = json.loads((SERVED / "build.json").read_text())
    sources = hashlib.sha256()
    for path in sorted(SOURCES.iterdir()):
        sources.update(f"{path.name}\0{path.read_text()}\0".encode())
    assert facts["sources"] == sources.hexdigest(), "run npm run build"
    served = {path.name for path in SERVED.iterdir()} - {"build.json"}
    assert served == set(facts["files"])
    for name, fact in facts["files"].items():
        assert hashlib.sha256((SERVED / name).read_bytes()).hexdigest() == fact["sha256"]
    assert facts["files"]["rebasket.js"]["brotli"] <= 2000
    assert facts["files"]["popup.js"]["brotli"] <= 4000
