"""The texts of shoppers' pages, in the languages we ship: unsubscribing, confirming, going on."""

from __future__ import annotations

from dataclasses import dataclass

from babel import Locale


@dataclass(frozen=True, slots=True)
class PageTexts:
    """``{address}`` stands for the hinted address, ``{shop}`` for the shop's name."""

    stop: str
    stop_means: str
    stop_button: str
    stopped: str
    stopped_means: str
    confirm: str
    confirm_means: str
    confirm_button: str
    confirmed: str
    confirmed_means: str
    to_shop: str
    onward: str
    onward_button: str


ENGLISH = PageTexts(
    "No more of these mails?",
    "{address} will get no more reminders from {shop}. Mails about orders you placed still come.",
    "Unsubscribe",
    "Done: no more of these mails",
    "{address} gets no more reminders from {shop}, for later carts either. Mails about orders you "
    "placed are not touched.",
    "Is this your address?",
    "Somebody left {address} at {shop}. If it was you, confirm it; if not, close this page and "
    "nothing more is sent.",
    "Yes, that is me",
    "Thank you",
    "Your address is confirmed. Every mail has a link that ends this.",
    "Back to the shop",
    "Your cart is being opened",
    "Open the cart",
)
DUTCH = PageTexts(
    "Geen mails meer ontvangen?",
    "{address} krijgt geen herinneringen meer van {shop}. Mails over bestellingen komen nog wel.",
    "Afmelden",
    "Klaar: geen mails meer",
    "{address} krijgt geen herinneringen meer van {shop}, ook niet voor latere winkelwagens. Mails "
    "over je bestellingen veranderen niet.",
    "Is dit jouw adres?",
    "Iemand heeft {address} achtergelaten bij {shop}. Was jij dat? Bevestig het dan. Zo niet, "
    "sluit deze pagina; er wordt niets meer gestuurd.",
    "Ja, dat ben ik",
    "Dank je wel",
    "Je adres is bevestigd. In elke mail staat een link om te stoppen.",
    "Terug naar de winkel",
    "Je winkelwagen wordt geopend",
    "Naar de winkelwagen",
)
SWEDISH = PageTexts(
    "Inga fler sådana mejl?",
    "{address} får inga fler påminnelser från {shop}. Mejl om dina beställningar kommer ändå.",
    "Avregistrera",
    "Klart: inga fler sådana mejl",
    "{address} får inga fler påminnelser från {shop}, inte heller om senare varukorgar. Mejl om "
    "dina beställningar påverkas inte.",
    "Är det här din adress?",
    "Någon lämnade {address} hos {shop}. Var det du, så bekräfta; annars stänger du bara sidan, "
    "och inget mer skickas.",
    "Ja, det är jag",
    "Tack",
    "Din adress är bekräftad. I varje mejl finns en länk för att sluta.",
    "Tillbaka till butiken",
    "Din varukorg öppnas",
    "Öppna varukorgen",
)
POLISH = PageTexts(
    "Bez takich wiadomości?",
    "{address} nie otrzyma więcej przypomnień od {shop}. Wiadomości o zamówieniach nadal będą "
    "przychodzić.",
    "Wypisz mnie",
    "Gotowe: bez takich wiadomości",
    "{address} nie otrzyma więcej przypomnień od {shop}, także o kolejnych koszykach. Wiadomości o "
    "zamówieniach pozostają bez zmian.",
    "Czy to Twój adres?",
    "Ktoś podał adres {address} w {shop}. Jeśli to Ty, potwierdź; jeśli nie, zamknij tę stronę, a "
    "nic więcej nie wyślemy.",
    "Tak, to ja",
    "Dziękujemy",
    "Adres został potwierdzony. W każdej wiadomości jest link, który to kończy.",
    "Wróć do sklepu",
    "Otwieramy Twój koszyk",
    "Otwórz koszyk",
)
ARABIC = PageTexts(
    "هل تريد إيقاف هذه الرسائل؟",
    "لن يتلقى {address} مزيدًا من التذكيرات من {shop}. ستستمر الرسائل المتعلقة بطلباتك.",
    "إلغاء الاشتراك",
    "تم: لا مزيد من هذه الرسائل",
    "لن يتلقى {address} مزيدًا من التذكيرات من {shop}، ولا عن السلات اللاحقة. ولا تتأثر الرسائل "
    "المتعلقة بطلباتك.",
    "هل هذا عنوانك؟",
    "ترك شخص ما العنوان {address} لدى {shop}. إذا كنت أنت فأكده، وإلا فأغلق هذه الصفحة ولن يُرسل "
    "أي شيء آخر.",
    "نعم، هذا أنا",
    "شكرًا لك",
    "تم تأكيد عنوانك. في كل رسالة رابط لإيقاف ذلك.",
    "العودة إلى المتجر",
    "جارٍ فتح سلتك",
    "افتح السلة",
)
_LANGUAGES = {"en": ENGLISH, "nl": DUTCH, "sv": SWEDISH, "pl": POLISH, "ar": ARABIC}


def page_of(locale: Locale) -> tuple[str, str, PageTexts]:
    """Return the page's language, its direction and its texts; English where we have none."""
    if locale.language not in _LANGUAGES:
        return "en", "ltr", ENGLISH
    return locale.language, locale.text_direction, _LANGUAGES[locale.language]
