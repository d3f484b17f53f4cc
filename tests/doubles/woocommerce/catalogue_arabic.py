"""Dar Al Nada: a shop in Dubai whose pages run from right to left, in dirham."""

from __future__ import annotations

from tests.doubles.woocommerce.profiles import Profile, Ware
from tests.doubles.woocommerce.settings import Settings
from tests.doubles.woocommerce.words import ARABIC

_SAND, _SEA, _PALM = ("oat", "رملي"), ("fjord", "أزرق بحري"), ("moss", "أخضر نخيلي")
_NIGHT, _ROSE, _IVORY = ("ink", "كحلي"), ("clay", "وردي طيني"), ("ecru", "عاجي")
_SIZES = ("S", "M", "L")

_CLOTHING = (
    Ware("عباءة كتان خفيفة", "linen-abaya", "dress", "ink", "clothing", "420.00",
         "كتان طبيعي مغسول، خفيف في الصيف وأنيق في المساء.",
         sizes=_SIZES, colours=(_NIGHT, _SAND), featured=True),
    Ware("قميص كتان", "linen-shirt", "shirt", "ecru", "clothing", "260.00",
         "قميص واسع بأزرار من الصدف.", sizes=_SIZES, colours=(_IVORY, _SEA)),
    Ware("تيشيرت قطن عضوي", "organic-tee", "tee", "oat", "clothing", "120.00",
         "قطن ثقيل يحافظ على شكله.", sizes=_SIZES, colours=(_SAND, _NIGHT), featured=True),
    Ware("بنطال واسع", "wide-trousers", "trousers", "moss", "clothing", "310.00",
         "قصة مريحة وجيوب عميقة.", sizes=_SIZES, colours=(_PALM, _NIGHT)),
    Ware("سترة صوف", "wool-sweater", "sweater", "clay", "clothing", "390.00",
         "صوف ناعم لليالي الصحراء الباردة.", sale="290.00", sizes=_SIZES, colours=(_ROSE,)),
    Ware("معطف خفيف", "light-coat", "coat", "oat", "clothing", "680.00",
         "معطف من القطن المشمع.", sizes=_SIZES, colours=(_SAND,), stock=5),
)
_ACCESSORIES = (
    Ware("شال ناعم", "soft-shawl", "scarf", "clay", "accessories", "180.00",
         "ألبكة وصوف، طوله متران.", colours=(_ROSE, _SAND, _NIGHT), featured=True),
    Ware("قبعة صوف", "wool-cap", "beanie", "fjord", "accessories", "95.00",
         "صوف ميرينو ناعم.", colours=(_SEA, _SAND)),
    Ware("حقيبة قماش", "canvas-bag", "tote", "ecru", "accessories", "85.00",
         "قماش متين للسوق ولكل يوم.", stock=70),
    Ware("جوارب قطنية", "cotton-socks", "socks", "sage", "accessories", "45.00",
         "زوجان من القطن المضلع.", sizes=("36-39", "40-43"), stock=50),
    Ware("مئزر مطبخ", "kitchen-apron", "apron", "moss", "accessories", "140.00",
         "كتان ثقيل بأربطة متقاطعة."),
)
_TABLE = (
    Ware("كوب خزفي", "ceramic-mug", "mug", "oat", "table", "75.00",
         "مصنوع يدوياً، للقهوة والكرك.", stock=44, featured=True),
    Ware("وعاء تقديم", "serving-bowl", "bowl", "sage", "table", "90.00", "وعاء عميق للمائدة."),
    Ware("طبق عشاء", "dinner-plate", "plate", "ecru", "table", "85.00", "طلاء مطفأ وحافة مرتفعة."),
    Ware("إبريق شاي", "teapot", "teapot", "ink", "table", "240.00",
         "حديد مصبوب لأربعة أكواب.", stock=8),
    Ware("لوح تقطيع", "cutting-board", "board", "clay", "table", "130.00", "خشب بلوط مزيت."),
    Ware("صينية ضيافة", "guest-tray", "tray", "oat", "table", "165.00",
         "صينية خشبية بمقبضين.", stock=0),
    Ware("ملح &amp; فلفل", "salt-and-pepper", "bowl", "clay", "table", "98.00", "وعاءان صغيران."),
)
_HOME = (
    Ware("بطانية صوف", "wool-blanket", "blanket", "oat", "home", "330.00",
         "صوف طبيعي منسوج يدوياً.", colours=(_SAND, _SEA, _PALM), featured=True),
    Ware("وسادة كتان", "linen-cushion", "cushion", "clay", "home", "145.00",
         "كتان ثقيل وحشوة ناعمة.", colours=(_ROSE, _IVORY)),
    Ware("منشفة حمام", "bath-towel", "towel", "fjord", "home", "120.00",
         "تجف بسرعة وتزداد نعومة.", colours=(_SEA, _IVORY)),
    Ware("مزهرية صغيرة", "bud-vase", "vase", "sage", "home", "110.00",
         "لغصن واحد.", sale="88.00"),
    Ware("مصباح ورقي", "paper-lamp", "lamp", "ecru", "home", "390.00",
         "ضوء هادئ كغروب الشتاء.", featured=True),
    Ware("شمعة عسل", "honey-candle", "candle", "oat", "home", "60.00",
         "تحترق أربعين ساعة.", stock=100),
    Ware("سلة خوص", "palm-basket", "basket", "moss", "home", "115.00", "منسوجة من سعف النخيل."),
    Ware("ساعة حائط", "wall-clock", "clock", "fjord", "home", "220.00", "بلا صوت.", stock=9),
)  # fmt: skip

PROFILE = Profile(
    key="arabic",
    seed=29,
    settings=Settings(
        name="دار الندى", tagline="ملابس وأشياء لبيت هادئ", currency="AED", symbol="د.إ",
        symbol_html="&#x62f;.&#x625;", decimals=2, position="right_space", zone="Asia/Dubai",
        locale="ar", language="ar", direction="rtl", country="AE", state="", city="دبي",
        street="شارع السطوة 8", postcode="00000", owner_email="owner@daralnada.example",
        shipping_cost="20.00",
    ),
    size_label="المقاس",
    colour_label="اللون",
    categories=(
        ("clothing", "ملابس"), ("accessories", "إكسسوارات"), ("table", "المائدة"),
        ("home", "المنزل"),
    ),
    wares=(*_CLOTHING, *_ACCESSORIES, *_TABLE, *_HOME),
    people=(
        ("مريم", "الهاشمي", "maryam@mail.example", "دبي", "00000", "+971500000101"),
        ("أحمد", "المنصوري", "ahmed@mail.example", "أبوظبي", "00000", "+971500000102"),
        ("فاطمة", "الكعبي", "fatima@post.example", "الشارقة", "00000", "+971500000103"),
        ("خالد", "السويدي", "khalid@post.example", "عجمان", "00000", "+971500000104"),
        ("نورة", "الزعابي", "noura@mail.example", "دبي", "00000", "+971500000105"),
        ("يوسف", "المري", "yousef@mail.example", "العين", "00000", "+971500000106"),
        ("شيخة", "الشامسي", "sheikha@post.example", "دبي", "00000", "+971500000107"),
        ("سالم", "النعيمي", "salem@post.example", "الفجيرة", "00000", "+971500000108"),
    ),
    words=ARABIC,
)  # fmt: skip
