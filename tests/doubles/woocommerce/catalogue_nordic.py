"""Almgren & Vik: clothing and things for a calm home, from Malmö, in euro."""

from __future__ import annotations

from tests.doubles.woocommerce.profiles import Profile, Ware
from tests.doubles.woocommerce.settings import Settings
from tests.doubles.woocommerce.words import ENGLISH

_OAT, _FJORD, _CLAY = ("oat", "Oat"), ("fjord", "Fjord"), ("clay", "Clay")
_INK, _MOSS, _SAGE, _ECRU = ("ink", "Ink"), ("moss", "Moss"), ("sage", "Sage"), ("ecru", "Ecru")
_ALL_SIZES = ("S", "M", "L", "XL")
_SIZES = ("S", "M", "L")

_CLOTHING = (
    Ware("Harbour Wool Sweater", "harbour-wool-sweater", "sweater", "fjord", "clothing", "129.00",
         "Undyed lambswool, knitted in one piece without seams. Warm at sea, quiet in town.",
         sizes=_ALL_SIZES, colours=(_FJORD, _OAT), featured=True),
    Ware("Washed Linen Shirt", "washed-linen-shirt", "shirt", "sage", "clothing", "89.00",
         "European linen, stone-washed until soft. Buttons of corozo nut.",
         sizes=_ALL_SIZES, colours=(_SAGE, _ECRU)),
    Ware("Everyday Tee", "everyday-tee", "tee", "ecru", "clothing", "35.00",
         "Heavy organic cotton that keeps its shape wash after wash.",
         sizes=_ALL_SIZES, colours=(_ECRU, _INK, _CLAY), stock=40, featured=True),
    Ware("Wide Pleat Trousers", "wide-pleat-trousers", "trousers", "ink", "clothing", "119.00",
         "A generous leg, two pleats and deep pockets in a dry cotton twill.",
         sizes=_SIZES, colours=(_INK, _MOSS)),
    Ware("Midsummer Dress", "midsummer-dress", "dress", "clay", "clothing", "139.00",
         "Light ramie with a tie at the waist. Made for long evenings.",
         sale="99.00", sizes=_SIZES, colours=(_CLAY,), featured=True),
    Ware("Waxed Rain Coat", "waxed-rain-coat", "coat", "moss", "clothing", "289.00",
         "Waxed cotton, storm flap and a hood that folds away. Can be re-waxed for decades.",
         sizes=_SIZES, colours=(_MOSS,), stock=6),
    Ware("Chore Jacket", "chore-jacket", "coat", "ink", "clothing", "159.00",
         "The French worker's jacket in moleskin, with four pockets.",
         sizes=_SIZES, colours=(_INK, _OAT)),
)
_ACCESSORIES = (
    Ware("Merino Beanie", "merino-beanie", "beanie", "fjord", "accessories", "39.00",
         "Extra-fine merino in a close rib.", colours=(_FJORD, _OAT, _CLAY)),
    Ware("Brushed Scarf", "brushed-scarf", "scarf", "clay", "accessories", "69.00",
         "Alpaca and wool, brushed by hand, two metres long.", colours=(_CLAY, _OAT, _INK)),
    Ware("Ribbed Socks, two pairs", "ribbed-socks", "socks", "sage", "accessories", "19.00",
         "Cotton with a little elastane. They stay up.",
         sizes=("36-39", "40-43", "44-46"), stock=60),
    Ware("Market Tote", "market-tote", "tote", "ecru", "accessories", "28.00",
         "Canvas from organic cotton, wide straps, holds a week's bread.", stock=80),
    Ware("Linen Apron", "linen-apron", "apron", "moss", "accessories", "49.00",
         "Crossed at the back, no knot to tie."),
)
_TABLE = (
    Ware("Stoneware Mug", "stoneware-mug", "mug", "oat", "table", "22.00",
         "Thrown by hand in Skåne. Holds three decilitres of anything hot.",
         stock=48, featured=True),
    Ware("Breakfast Bowl", "breakfast-bowl", "bowl", "sage", "table", "26.00",
         "Deep enough for porridge, pretty enough for the table."),
    Ware("Dinner Plate", "dinner-plate", "plate", "ecru", "table", "29.00",
         "Matt glaze, raised rim. Oven and dishwasher safe.", stock=60),
    Ware("Low Teapot", "low-teapot", "teapot", "ink", "table", "74.00",
         "Cast iron outside, enamel inside, for four cups.", stock=9),
    Ware("Salt &amp; Pepper Cellars", "salt-pepper-cellars", "bowl", "clay", "table", "31.00",
         "Two small lidded bowls of olive ash."),
    Ware("Oak Cutting Board", "oak-cutting-board", "board", "clay", "table", "42.00",
         "End grain oak, oiled. Kind to knives."),
    Ware("Serving Tray", "serving-tray", "tray", "oat", "table", "54.00",
         "Formed birch, with handles for breakfast in bed.", stock=0),
)
_HOME = (
    Ware("Wool Blanket", "wool-blanket", "blanket", "oat", "home", "98.00",
         "Woven in Gotland from the island's own wool.",
         colours=(_OAT, _FJORD, _MOSS), featured=True),
    Ware("Linen Cushion", "linen-cushion", "cushion", "clay", "home", "45.00",
         "Heavy linen, feather filling, hidden zip.", colours=(_CLAY, _SAGE, _ECRU)),
    Ware("Bath Towel", "bath-towel", "towel", "fjord", "home", "38.00",
         "Waffle weave that dries fast and grows softer.", colours=(_FJORD, _ECRU)),
    Ware("Bud Vase", "bud-vase", "vase", "sage", "home", "34.00",
         "For one branch, one flower, one week.", sale="27.00"),
    Ware("Tall Vase", "tall-vase", "vase", "ink", "home", "64.00",
         "Forty centimetres of dark stoneware.", stock=7),
    Ware("Paper Table Lamp", "paper-table-lamp", "lamp", "ecru", "home", "119.00",
         "Rice paper over a beech frame. The light of a winter afternoon.", featured=True),
    Ware("Beeswax Candle", "beeswax-candle", "candle", "oat", "home", "18.00",
         "Burns for forty hours and smells of nothing but honey.", stock=120),
    Ware("Willow Basket", "willow-basket", "basket", "oat", "home", "36.00",
         "Woven from unpeeled willow, with two handles."),
    Ware("Quiet Wall Clock", "quiet-wall-clock", "clock", "fjord", "home", "68.00",
         "A movement without a tick.", stock=11),
)  # fmt: skip

PROFILE = Profile(
    key="nordic",
    seed=11,
    settings=Settings(
        name="Almgren & Vik", tagline="Clothing and things for a calm home", currency="EUR",
        symbol="€", symbol_html="&euro;", decimals=2, position="left", zone="Europe/Stockholm",
        locale="en_US", language="en", direction="ltr", country="SE", state="", city="Malmö",
        street="Norra Vallgatan 12", postcode="211 25", owner_email="owner@almgrenvik.example",
        shipping_cost="6.00",
    ),
    size_label="Size",
    colour_label="Colour",
    categories=(
        ("clothing", "Clothing"), ("accessories", "Accessories"), ("table", "Table"),
        ("home", "Home"),
    ),
    wares=(*_CLOTHING, *_ACCESSORIES, *_TABLE, *_HOME),
    people=(
        ("Anna", "Bergström", "anna.bergstrom@mail.example", "Stockholm", "111 22", "+46701740601"),
        ("Erik", "Lund", "erik.lund@mail.example", "Göteborg", "411 03", "+46701740602"),
        ("Maja", "Holm", "maja.holm@mail.example", "Uppsala", "753 10", "+46701740603"),
        ("Oskar", "Nyberg", "oskar@nyberg.example", "Lund", "222 22", "+46701740604"),
        ("Linnéa", "Åkesson", "linnea@post.example", "Umeå", "903 26", "+46701740605"),
        ("Johan", "Ek", "johan.ek@post.example", "Malmö", "211 20", "+46701740606"),
        ("Klara", "Sjöberg", "klara.sjoberg@mail.example", "Visby", "621 55", "+46701740607"),
        ("Nils", "Falk", "nils.falk@post.example", "Kalmar", "392 32", "+46701740608"),
        ("Ebba", "Wikström", "ebba@wikstrom.example", "Örebro", "702 11", "+46701740609"),
        ("Astrid", "Norén", "astrid.noren@mail.example", "Falun", "791 71", "+46701740610"),
        ("Viktor", "Dahl", "viktor.dahl@mail.example", "Helsingborg", "252 20", "+46701740611"),
        ("Saga", "Lindahl", "saga.lindahl@post.example", "Växjö", "352 30", "+46701740612"),
    ),
    words=ENGLISH,
)  # fmt: skip
