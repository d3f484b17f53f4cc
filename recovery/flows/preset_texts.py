"""The presets' mails in the languages that we ship besides English.

By language and step: subject, line after the subject, heading, text, button. A text begins after
the greeting, which is added here.
"""

from __future__ import annotations

_NAME = "{% if first_name %} {{ first_name }}{% endif %}"
_GREETINGS = {"nl": "Hallo", "sv": "Hej", "pl": "Dzień dobry", "ar": "مرحبًا"}
_COMMA = {"ar": "،"}
Words = tuple[str, str, str, str, str]

_DUTCH: dict[str, Words] = {
    "service": (
        "Je bestelling bij {{ shop_name }} is nog niet af",
        "Alles wat je koos, ligt nog voor je klaar.",
        "Kwam er iets tussen?",
        "je had {{ first_item }} bijna besteld. We hebben je winkelwagen bewaard zoals je hem "
        "achterliet; je kunt op elk apparaat verder.\n\nWas er iets onduidelijk of werkte er iets "
        "niet? Beantwoord gewoon deze mail. Een mens leest mee.",
        "Terug naar afrekenen",
    ),
    "doubts": (
        "Bezorgen, retourneren, betalen: de korte antwoorden",
        "Wat mensen vragen voor ze {{ first_item }} bestellen.",
        "Nog een vraag voor je beslist?",
        "wie hier stopt, vraagt zich meestal een van drie dingen af: wat bezorgen kost en wanneer "
        "het komt, of je iets kunt terugsturen, of hoe je kunt betalen. Bij het afrekenen zie je "
        "dat allemaal voordat je iets betaalt.\n\nIs het iets anders? Beantwoord deze mail, dan "
        "krijg je antwoord.",
        "Open mijn winkelwagen",
    ),
    "last-word": (
        "Zullen we {{ first_item }} voor je bewaren?",
        "De laatste mail over deze winkelwagen.",
        "Nog één keer over je winkelwagen",
        "dit is de laatste keer dat we over deze winkelwagen schrijven. De link hieronder opent "
        "hem nog een tijdje. Hoeft het niet meer? Dan hoef je niets te doen.",
        "Bekijk mijn winkelwagen",
    ),
    "reminder": (
        "{{ first_item }} ligt nog in je winkelwagen",
        "{% if count > 1 %}En nog {{ count | minus: 1 }} meer.{% else %}Nog altijd hier."
        "{% endif %}",
        "Je winkelwagen staat nog klaar",
        "dit had je bij {{ shop_name }} apart gelegd. De knop opent je winkelwagen op dit "
        "apparaat, precies zoals je hem achterliet.\n\nWas er iets onduidelijk? Beantwoord "
        "gewoon deze mail.",
        "Open mijn winkelwagen",
    ),
    "second-look": (
        "Denk je nog na over {{ first_item }}?",
        "Je winkelwagen, nog één keer.",
        "Kijk nog eens",
        "hier is je winkelwagen nog één keer, met de prijzen van vandaag en alleen wat op voorraad "
        "is. Dit is de laatste mail erover.",
        "Open mijn winkelwagen",
    ),
}
_SWEDISH: dict[str, Words] = {
    "service": (
        "Din beställning hos {{ shop_name }} är inte klar",
        "Allt du valde finns kvar.",
        "Kom något emellan?",
        "du hade nästan beställt {{ first_item }}. Vi har sparat varukorgen precis som du lämnade "
        "den, så du kan slutföra på vilken enhet du vill.\n\nVar något oklart, eller fungerade "
        "något inte? Svara bara på mejlet. En människa läser det.",
        "Tillbaka till kassan",
    ),
    "doubts": (
        "Leverans, retur, betalning: de korta svaren",
        "Det som många undrar innan de beställer {{ first_item }}.",
        "En fråga innan du bestämmer dig?",
        "de flesta som stannar här undrar över en av tre saker: vad leveransen kostar och när den "
        "kommer, om det går att skicka tillbaka, eller hur man kan betala. Allt det ser du i "
        "kassan innan något dras.\n\nÄr det något annat? Svara på mejlet, så svarar vi.",
        "Öppna min varukorg",
    ),
    "last-word": (
        "Ska vi spara {{ first_item }} åt dig?",
        "Sista mejlet om den här varukorgen.",
        "Ett sista ord om din varukorg",
        "det här är sista gången vi skriver om den här varukorgen. Länken nedan öppnar den ett tag "
        "till. Är den inte aktuell längre behöver du inte göra något.",
        "Se min varukorg igen",
    ),
    "reminder": (
        "{{ first_item }} ligger kvar i din varukorg",
        "{% if count > 1 %}Och {{ count | minus: 1 }} till.{% else %}Kvar här.{% endif %}",
        "Din varukorg finns kvar",
        "det här lade du undan hos {{ shop_name }}. Knappen öppnar varukorgen på den här enheten, "
        "precis som du lämnade den.\n\nVar något oklart? Svara bara på mejlet.",
        "Öppna min varukorg",
    ),
    "second-look": (
        "Funderar du fortfarande på {{ first_item }}?",
        "Din varukorg, en gång till.",
        "Titta en gång till",
        "här är din varukorg en gång till, med dagens priser och bara det som finns i lager. Det "
        "här är sista mejlet om den.",
        "Öppna min varukorg",
    ),
}
_POLISH: dict[str, Words] = {
    "service": (
        "Twoje zamówienie w {{ shop_name }} nie jest dokończone",
        "Wszystkie wybrane produkty wciąż czekają.",
        "Czy coś przeszkodziło?",
        "{{ first_item }} – do złożenia zamówienia brakowało już niewiele. Twój koszyk czeka bez "
        "zmian i można go dokończyć na dowolnym urządzeniu.\n\nCoś było niejasne lub nie "
        "zadziałało? Wystarczy odpowiedzieć na tę wiadomość. Przeczyta ją człowiek.",
        "Wróć do zamówienia",
    ),
    "doubts": (
        "Dostawa, zwroty, płatność: krótkie odpowiedzi",
        "O co klienci pytają przed zakupem: {{ first_item }}.",
        "Masz pytanie przed decyzją?",
        "najczęstsze pytania w tym miejscu są trzy: ile kosztuje dostawa i kiedy dotrze, czy można "
        "zwrócić towar i jak można zapłacić. Wszystko to widać przy zamówieniu, zanim pobierzemy "
        "jakąkolwiek opłatę.\n\nChodzi o coś innego? Prosimy o odpowiedź na tę wiadomość.",
        "Otwórz mój koszyk",
    ),
    "last-word": (
        "Zachować dla Ciebie: {{ first_item }}?",
        "Ostatnia wiadomość o tym koszyku.",
        "Ostatnie słowo o Twoim koszyku",
        "to nasza ostatnia wiadomość o tym koszyku. Poniższy link będzie go jeszcze przez jakiś "
        "czas otwierał. Jeśli to już nieaktualne, nie trzeba nic robić.",
        "Zobacz mój koszyk",
    ),
    "reminder": (
        "W Twoim koszyku czeka: {{ first_item }}",
        "{% if count > 1 %}I jeszcze {{ count | minus: 1 }}.{% else %}Wciąż tu jest.{% endif %}",
        "Twój koszyk wciąż czeka",
        "te produkty zostały w koszyku w {{ shop_name }}. Przycisk otworzy go na tym urządzeniu "
        "dokładnie w takim stanie.\n\nCoś było niejasne? Wystarczy odpowiedzieć na tę wiadomość.",
        "Otwórz mój koszyk",
    ),
    "second-look": (
        "Nadal się zastanawiasz? {{ first_item }}",
        "Twój koszyk, jeszcze raz.",
        "Spójrz jeszcze raz",
        "oto Twój koszyk jeszcze raz, w dzisiejszych cenach i tylko z tym, co jest dostępne. To "
        "ostatnia wiadomość na jego temat.",
        "Otwórz mój koszyk",
    ),
}
_ARABIC: dict[str, Words] = {
    "service": (
        "طلبك لدى {{ shop_name }} لم يكتمل بعد",
        "كل ما اخترته ما زال هنا.",
        "هل واجهتك مشكلة؟",
        "كنت على وشك طلب {{ first_item }}. احتفظنا بسلتك كما تركتها، ويمكنك إتمام الطلب على أي "
        "جهاز.\n\nإذا كان هناك أمر غير واضح أو لم يعمل، فما عليك إلا الرد على هذه الرسالة. "
        "سيقرؤها شخص حقيقي.",
        "العودة إلى إتمام الطلب",
    ),
    "doubts": (
        "التوصيل والإرجاع والدفع: إجابات مختصرة",
        "ما يسأل عنه الناس قبل طلب {{ first_item }}.",
        "هل لديك سؤال قبل أن تقرر؟",
        "أكثر ما يسأل عنه الناس هنا ثلاثة أمور: كم يكلف التوصيل ومتى يصل، وهل يمكن الإرجاع، وكيف "
        "يمكن الدفع. سترى كل ذلك عند إتمام الطلب قبل خصم أي مبلغ.\n\nهل هو أمر آخر؟ رد على هذه "
        "الرسالة وسنجيبك.",
        "افتح سلتي",
    ),
    "last-word": (
        "هل نحتفظ لك بـ {{ first_item }}؟",
        "آخر رسالة عن هذه السلة.",
        "كلمة أخيرة عن سلتك",
        "هذه آخر مرة نكتب إليك عن هذه السلة. سيفتحها الرابط أدناه لبعض الوقت. وإذا لم تعد بحاجة "
        "إليها، فلا يلزمك فعل أي شيء.",
        "عرض سلتي من جديد",
    ),
    "reminder": (
        "تركت {{ first_item }} في سلتك",
        "{% if count > 1 %}ومنتجات أخرى: {{ count | minus: 1 }}.{% else %}ما زال هنا.{% endif %}",
        "سلتك ما زالت هنا",
        "هذا ما وضعته جانبًا لدى {{ shop_name }}. يفتح الزر سلتك على هذا الجهاز كما تركتها "
        "تمامًا.\n\nهل هناك أمر غير واضح؟ ما عليك إلا الرد على هذه الرسالة.",
        "افتح سلتي",
    ),
    "second-look": (
        "أما زلت تفكر في {{ first_item }}؟",
        "سلتك مرة أخرى.",
        "ألق نظرة أخرى",
        "هذه سلتك مرة أخرى، بأسعار اليوم وبالمتوفر فقط. هذه آخر رسالة عنها.",
        "افتح سلتي",
    ),
}
_LANGUAGES = {"nl": _DUTCH, "sv": _SWEDISH, "pl": _POLISH, "ar": _ARABIC}


def content_in(language: str, step_key: str) -> dict[str, str] | None:
    """Return the step's content in this language ("nl"); None where we ship no such text."""
    words = _LANGUAGES.get(language, {}).get(step_key)
    if words is None:
        return None
    subject, preheader, heading, text, button = words
    greeting = f"{_GREETINGS[language]}{_NAME}{_COMMA.get(language, ',')}"
    return {
        "subject": subject,
        "preheader": preheader,
        "heading": heading,
        "text": f"{greeting}\n\n{text}",
        "button": button,
    }
