"""The words a shopper agrees to. A change of words is a new version: the version is evidence."""

from __future__ import annotations

from dataclasses import dataclass

VERSION = "2026-11-1"

_WORDINGS = {
    "en": "Yes, {shop} may remind me by e-mail of what I left in my cart and send me offers. "
    "I can stop this at any time.",
    "nl": "Ja, {shop} mag mij per e-mail herinneren aan wat ik in mijn winkelmand liet en mij "
    "aanbiedingen sturen. Ik kan dit altijd stoppen.",
    "sv": "Ja, {shop} får påminna mig via e-post om det jag lämnat i varukorgen och skicka "
    "erbjudanden. Jag kan när som helst avsluta detta.",
    "pl": "Tak, {shop} może przypominać mi e-mailem o tym, co zostało w moim koszyku, i wysyłać "
    "oferty. Mogę to zakończyć w każdej chwili.",
    "ar": "نعم، يمكن لمتجر {shop} تذكيري بالبريد الإلكتروني بما تركته في سلة التسوق وإرسال "
    "العروض إليّ. يمكنني إيقاف ذلك في أي وقت.",
}


@dataclass(frozen=True, slots=True)
class ConsentWording:
    """The wording shown beside an address field, in one language."""

    wording: str
    version: str
    language: str


def consent_wording(shop_name: str, locale: str) -> ConsentWording:
    """Return the wording in the locale's language, in English when we have no other."""
    language = locale.replace("_", "-").split("-", maxsplit=1)[0].lower()
    language = language if language in _WORDINGS else "en"
    return ConsentWording(_WORDINGS[language].format(shop=shop_name), VERSION, language)
