"""What the demo's campaigns write, beside the ready paths: each in four languages."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from campaigns.models import Offer
from campaigns.paths import OFFER
from campaigns.ready_paths.common import Said, mail, path, wait

BUTTON = {
    "en": "See the offer", "nb": "Se tilbudet", "da": "Se tilbuddet", "sv": "Se erbjudandet",
}  # fmt: skip
READ = {"en": "Read more", "nb": "Les mer", "da": "Læs mere", "sv": "Läs mer"}
PLAIN: Mapping[str, Said] = {
    "en": (
        "Come back to {{ organisation.name }}",
        (
            "We would like to have {{ customer.name }} back. This is our offer: {{ offer.title"
            " }}.\n\nIt stands until {{ offer.until }}. What you had is still there."
        ),
    ),
    "nb": (
        "Kom tilbake til {{ organisation.name }}",
        (
            "Vi vil gjerne ha {{ customer.name }} tilbake. Dette er tilbudet vårt: {{"
            " offer.title }}.\n\nDet gjelder til {{ offer.until }}. Alt dere hadde, ligger der"
            " fortsatt."
        ),
    ),
    "da": (
        "Kom tilbage til {{ organisation.name }}",
        (
            "Vi vil gerne have {{ customer.name }} tilbage. Vores tilbud er: {{ offer.title }}."
            "\n\nDet gælder til {{ offer.until }}. Alt, hvad I havde, ligger der stadig."
        ),
    ),
    "sv": (
        "Kom tillbaka till {{ organisation.name }}",
        (
            "Vi vill gärna ha {{ customer.name }} tillbaka. Det här är vårt erbjudande: {{"
            " offer.title }}.\n\nDet gäller till {{ offer.until }}. Allt ni hade finns kvar."
        ),
    ),
}
PERSONAL: Mapping[str, Said] = {
    "en": (
        "We read why you left",
        (
            'You told us why you left: {{ reason|default:"it no longer fitted" }}. We have'
            " taken it to heart.\n\nIf you give us another try, it costs you less: {{"
            " offer.title }}, until {{ offer.until }}."
        ),
    ),
    "nb": (
        "Vi har lest hvorfor du sluttet",
        (
            'Du fortalte hvorfor du sluttet: {{ reason|default:"det passet ikke lenger" }}. Det'
            " har vi tatt på alvor.\n\nHvis du prøver oss igjen, koster det mindre: {{"
            " offer.title }}, fram til {{ offer.until }}."
        ),
    ),
    "da": (
        "Vi har læst, hvorfor du stoppede",
        (
            'Du fortalte, hvorfor du stoppede: {{ reason|default:"det passede ikke længere" }}.'
            " Det har vi taget til os.\n\nHvis du prøver os igen, koster det mindre: {{"
            " offer.title }}, indtil {{ offer.until }}."
        ),
    ),
    "sv": (
        "Vi har läst varför du slutade",
        (
            'Du berättade varför du slutade: {{ reason|default:"det passade inte längre" }}. Vi'
            " har tagit det till oss.\n\nOm du provar oss igen kostar det mindre: {{"
            " offer.title }}, till och med {{ offer.until }}."
        ),
    ),
}
REMINDER: Mapping[str, Said] = {
    "en": (
        "Still open until {{ offer.until }}",
        (
            "A short reminder: {{ offer.title }}. After {{ offer.until }} it is over, and we"
            " write no more about it."
        ),
    ),
    "nb": (
        "Gjelder fortsatt til {{ offer.until }}",
        (
            "En kort påminnelse: {{ offer.title }}. Etter {{ offer.until }} er det over, og vi"
            " skriver ikke mer om det."
        ),
    ),
    "da": (
        "Gælder stadig til {{ offer.until }}",
        (
            "En kort påmindelse: {{ offer.title }}. Efter {{ offer.until }} er det slut, og vi"
            " skriver ikke mere om det."
        ),
    ),
    "sv": (
        "Gäller fortfarande till {{ offer.until }}",
        (
            "En kort påminnelse: {{ offer.title }}. Efter {{ offer.until }} är det slut, och vi"
            " skriver inte mer om det."
        ),
    ),
}
HOW: Mapping[str, Said] = {
    "en": (
        "How is planning going?",
        (
            "Here are three things that other crews do on Monday mornings. Maybe one of them"
            " helps {{ customer.name }} too."
        ),
    ),
    "nb": (
        "Hvordan går det med planleggingen?",
        (
            "Her er tre ting andre lag gjør på mandag morgen. Kanskje en av dem kan hjelpe {{"
            " customer.name }} også."
        ),
    ),
    "da": (
        "Hvordan går det med planlægningen?",
        (
            "Her er tre ting, som andre hold gør mandag morgen. Måske kan en af dem også hjælpe"
            " {{ customer.name }}."
        ),
    ),
    "sv": (
        "Hur går det med planeringen?",
        (
            "Här är tre saker som andra lag gör på måndag morgon. Kanske kan någon av dem"
            " hjälpa {{ customer.name }} också."
        ),
    ),
}
MORE: Mapping[str, Said] = {
    "en": (
        "Five minutes that save an hour",
        "Templates for weeks that repeat: set one up, and the board fills itself in.",
    ),
    "nb": (
        "Fem minutter som sparer en time",
        "Maler for uker som ligner hverandre: lag én, så fyller tavla seg selv.",
    ),
    "da": (
        "Fem minutter, der sparer en time",
        "Skabeloner til uger, der ligner hinanden: lav én, så udfylder tavlen sig selv.",
    ),
    "sv": (
        "Fem minuter som sparar en timme",
        "Mallar för veckor som liknar varandra: skapa en, så fyller tavlan i sig själv.",
    ),
}


def with_button(step: dict[str, Any], leads_to: str, words: Mapping[str, str]) -> dict[str, Any]:
    """The step with a button in every language of every variant."""
    texts = {
        variant: {code: said | {"button": words[code]} for code, said in by_language.items()}
        for variant, by_language in step["texts"].items()
    }
    return step | {"leads_to": leads_to, "texts": texts}


def in_variants(key: str, *wordings: Mapping[str, Said]) -> dict[str, Any]:
    """A mail with another wording for each variant: a, b, …"""
    steps = [mail(key, texts)["texts"]["a"] for texts in wordings]
    return mail(key, wordings[0]) | {"texts": dict(zip("ab", steps, strict=False))}


def offer_path(offer: Offer, steps_after: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """An offer, two wordings of a letter with it, a reminder to who has not accepted."""
    letter = with_button(in_variants("mail1", PLAIN, PERSONAL), OFFER, BUTTON)
    document = path(
        (
            {"key": "offer1", "kind": "offer", "offer": offer.pk},
            letter,
            wait("wait1", 8),
            {"key": "branch1", "kind": "branch", "asks": "accepted", "yes": "end"},
            with_button(mail("mail2", REMINDER), OFFER, BUTTON),
            *steps_after,
        )
    )
    variants = [("a", "Plain"), ("b", "Says why they left")]
    document["variants"] = [{"key": key, "name": name, "weight": 1} for key, name in variants]
    return document


def tips_path() -> dict[str, Any]:
    """Two mails with something to read."""
    address = "https://lysbro.example/tips"
    return path(
        (
            with_button(mail("mail1", HOW), address, READ),
            wait("wait1", 21),
            with_button(mail("mail2", MORE), address, READ),
        )
    )


def fixed_path(document: Mapping[str, Any]) -> dict[str, Any]:
    """A ready path that tells of a fix, with a button."""
    made = deepcopy(dict(document))
    address = "https://lysbro.example/new"
    made["steps"] = [with_button(step, address, READ) for step in made["steps"]]
    return made
