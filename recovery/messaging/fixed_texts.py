"""The texts of a mail that no merchant writes, in the languages we ship."""

from __future__ import annotations

from dataclasses import dataclass

from babel import Locale, UnknownLocaleError


@dataclass(frozen=True, slots=True)
class FixedTexts:
    """``{shop}`` stands for the shop's name."""

    why: str
    why_asked: str
    unsubscribe: str
    test_mark: str
    asked_subject: str
    asked_preheader: str
    asked_heading: str
    asked_text: str
    asked_button: str
    confirm_text: str
    confirm_link: str


ENGLISH = FixedTexts(
    why="You get this mail because you left things in your cart at {shop}.",
    why_asked="You get this mail because somebody asked at {shop} for it to be sent here. "
    "If that was not you, you need not do anything.",
    unsubscribe="Stop these mails",
    test_mark="Test",
    asked_subject="Your cart at {shop}",
    asked_preheader="Open it on any device.",
    asked_heading="Here is your cart",
    asked_text="You asked us to send you your cart. The button opens it on this device.",
    asked_button="Open my cart",
    confirm_text="May we remind you of your cart? Then please confirm your address:",
    confirm_link="Yes, this is my address",
)
DUTCH = FixedTexts(
    why="Je krijgt deze mail omdat je iets in je winkelwagen bij {shop} hebt laten liggen.",
    why_asked="Je krijgt deze mail omdat iemand bij {shop} heeft gevraagd hem hierheen te sturen. "
    "Was jij dat niet? Dan hoef je niets te doen.",
    unsubscribe="Geen mails meer ontvangen",
    test_mark="Test",
    asked_subject="Je winkelwagen bij {shop}",
    asked_preheader="Open hem op elk apparaat.",
    asked_heading="Hier is je winkelwagen",
    asked_text="Je hebt gevraagd je winkelwagen te sturen. De knop opent hem op dit apparaat.",
    asked_button="Open mijn winkelwagen",
    confirm_text="Mogen we je aan je winkelwagen herinneren? Bevestig dan je adres:",
    confirm_link="Ja, dit is mijn adres",
)
SWEDISH = FixedTexts(
    why="Du får det här mejlet eftersom du lämnade varor i varukorgen hos {shop}.",
    why_asked="Du får det här mejlet eftersom någon hos {shop} bad oss skicka det hit. "
    "Om det inte var du behöver du inte göra något.",
    unsubscribe="Sluta få de här mejlen",
    test_mark="Test",
    asked_subject="Din varukorg hos {shop}",
    asked_preheader="Öppna den på vilken enhet du vill.",
    asked_heading="Här är din varukorg",
    asked_text="Du bad oss skicka din varukorg. Knappen öppnar den på den här enheten.",
    asked_button="Öppna min varukorg",
    confirm_text="Får vi påminna dig om din varukorg? Bekräfta då din adress:",
    confirm_link="Ja, det här är min adress",
)
POLISH = FixedTexts(
    why="Otrzymujesz tę wiadomość, ponieważ w koszyku w {shop} zostały Twoje produkty.",
    why_asked="Otrzymujesz tę wiadomość, ponieważ ktoś w {shop} poprosił o wysłanie jej tutaj. "
    "Jeśli to nie Ty, nie musisz nic robić.",
    unsubscribe="Nie chcę więcej takich wiadomości",
    test_mark="Test",
    asked_subject="Twój koszyk w {shop}",
    asked_preheader="Otwórz go na dowolnym urządzeniu.",
    asked_heading="Oto Twój koszyk",
    asked_text="Prosiłeś o przesłanie koszyka. Przycisk otworzy go na tym urządzeniu.",
    asked_button="Otwórz mój koszyk",
    confirm_text="Czy możemy przypomnieć Ci o koszyku? Potwierdź swój adres:",
    confirm_link="Tak, to mój adres",
)
ARABIC = FixedTexts(
    why="تصلك هذه الرسالة لأنك تركت منتجات في سلة التسوق لدى {shop}.",
    why_asked="تصلك هذه الرسالة لأن شخصًا ما طلب من {shop} إرسالها إلى هنا. "
    "إذا لم تكن أنت، فلا حاجة لفعل أي شيء.",
    unsubscribe="إيقاف هذه الرسائل",
    test_mark="اختبار",
    asked_subject="سلة التسوق الخاصة بك لدى {shop}",
    asked_preheader="افتحها على أي جهاز.",
    asked_heading="هذه سلة التسوق الخاصة بك",
    asked_text="طلبت منا إرسال سلة التسوق إليك. الزر يفتحها على هذا الجهاز.",
    asked_button="افتح سلتي",
    confirm_text="هل يمكننا تذكيرك بسلتك؟ إذًا أكد عنوانك من فضلك:",
    confirm_link="نعم، هذا عنواني",
)
LANGUAGES = {"en": ENGLISH, "nl": DUTCH, "sv": SWEDISH, "pl": POLISH, "ar": ARABIC}


def locale_of(*wanted: str) -> Locale:
    """Return the first of these locales ("sv_SE", "sv-SE", "sv") that is known, else English."""
    for text in wanted:
        tag = text.replace("-", "_")
        for candidate in (tag, tag.partition("_")[0]):
            try:
                return Locale.parse(candidate)
            except (ValueError, UnknownLocaleError, TypeError):
                continue
    return Locale.parse("en")


def texts_for(locale: Locale) -> FixedTexts:
    """Return the fixed texts in this locale's language, English where we have none."""
    return LANGUAGES.get(locale.language, ENGLISH)
