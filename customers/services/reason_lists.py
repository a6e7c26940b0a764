"""Ready lists of reasons for leaving, in four languages, for three kinds of business.

The causes are those that customers really name. A list is a start: reasons are renamed, merged,
retired and added to as an organisation learns. The exit survey offers the same words to
customers, so none speaks from one side only.
"""

from dataclasses import dataclass

from customers.models import ReasonCategory, ReasonVersion

Asks = ReasonVersion.Asks
Category = ReasonCategory

LANGUAGES = ("en", "nb", "da", "sv")


@dataclass(frozen=True)
class ReadyReason:
    """One cause; `words` are its wording in English, Norwegian, Danish and Swedish."""

    key: str
    category: str
    words: tuple[str, str, str, str]
    avoidable: bool = True
    asks: str = Asks.NOTHING

    @property
    def labels(self) -> dict[str, str]:
        return dict(zip(LANGUAGES, self.words, strict=True))


# Named by customers of every kind of business, in the order in which they are offered.
COMMON = (
    ReadyReason(
        "price",
        Category.PRICE,
        ("Price too high", "For høy pris", "For høj pris", "För högt pris"),
    ),
    ReadyReason(
        "return-on-spend",
        Category.PRICE,
        (
            "Too little return on the spend",
            "For lite igjen for pengene",
            "For lidt udbytte for pengene",
            "För låg avkastning på kostnaden",
        ),
    ),
    ReadyReason(
        "results-not-delivered",
        Category.SERVICE,
        (
            "Promised results not delivered",
            "Lovede resultater uteble",
            "Lovede resultater udeblev",
            "Utlovade resultat uteblev",
        ),
    ),
    ReadyReason(
        "support-quality",
        Category.SERVICE,
        (
            "Quality of support",
            "Kvaliteten på kundestøtten",
            "Kvaliteten af supporten",
            "Kvaliteten på supporten",
        ),
    ),
    ReadyReason(
        "onboarding",
        Category.SERVICE,
        (
            "Never got properly started",
            "Kom aldri ordentlig i gang",
            "Kom aldrig rigtigt i gang",
            "Kom aldrig riktigt i gång",
        ),
    ),
    ReadyReason(
        "competitor",
        Category.COMPETITION,
        (
            "Moved to a competitor",
            "Gikk til en konkurrent",
            "Gik til en konkurrent",
            "Gick till en konkurrent",
        ),
        asks=Asks.COMPETITOR,
    ),
    ReadyReason(
        "data-protection",
        Category.SERVICE,
        (
            "Data protection or security",
            "Personvern eller sikkerhet",
            "Databeskyttelse eller sikkerhed",
            "Dataskydd eller säkerhet",
        ),
    ),
    ReadyReason(
        "key-person-left",
        Category.CUSTOMER,
        (
            "The contact person left",
            "Kontaktpersonen sluttet",
            "Kontaktpersonen stoppede",
            "Kontaktpersonen slutade",
        ),
    ),
    ReadyReason(
        "need-gone",
        Category.CUSTOMER,
        (
            "No longer needed",
            "Ikke lenger behov",
            "Ikke længere behov",
            "Behövs inte längre",
        ),
        avoidable=False,
    ),
    ReadyReason(
        "closed-or-merged",
        Category.CUSTOMER,
        (
            "Closed down or merged",
            "Lagt ned eller fusjonert",
            "Lukket eller fusioneret",
            "Nedlagt eller sammanslaget",
        ),
        avoidable=False,
    ),
    ReadyReason(
        "payment-failed",
        Category.PAYMENT,
        (
            "Payment failed",
            "Betalingen mislyktes",
            "Betalingen mislykkedes",
            "Betalningen misslyckades",
        ),
    ),
)

SUBSCRIPTION = (
    ReadyReason(
        "not-used",
        Category.PRODUCT,
        ("Not used enough", "Ble brukt for lite", "Blev brugt for lidt", "Användes för lite"),
    ),
    ReadyReason(
        "missing-feature",
        Category.PRODUCT,
        ("Missing feature", "Manglende funksjon", "Manglende funktion", "Funktion saknas"),
        asks=Asks.FEATURE,
    ),
    ReadyReason(
        "reliability",
        Category.PRODUCT,
        (
            "Downtime or errors",
            "Nedetid eller feil",
            "Nedetid eller fejl",
            "Driftstopp eller fel",
        ),
    ),
    ReadyReason(
        "lack-of-expertise",
        Category.SERVICE,
        (
            "Too little knowledge of the field",
            "For lite kunnskap om faget",
            "For lidt kendskab til faget",
            "För lite kunskap om området",
        ),
    ),
)

CONSULTANCY = (
    ReadyReason(
        "lack-of-expertise",
        Category.SERVICE,
        (
            "Lack of expertise",
            "Manglende fagkompetanse",
            "Manglende faglig ekspertise",
            "Bristande sakkunskap",
        ),
    ),
    ReadyReason(
        "missing-feature",
        Category.PRODUCT,
        (
            "Missing service",
            "Manglende tjeneste",
            "Manglende ydelse",
            "Tjänst saknas",
        ),
        asks=Asks.FEATURE,
    ),
    ReadyReason(
        "reliability",
        Category.SERVICE,
        (
            "Deadlines or agreements not kept",
            "Frister eller avtaler ble ikke holdt",
            "Frister eller aftaler blev ikke holdt",
            "Tidsfrister eller avtal hölls inte",
        ),
    ),
    ReadyReason(
        "taken-in-house",
        Category.CUSTOMER,
        (
            "Taken in-house",
            "Gjøres internt nå",
            "Løses internt nu",
            "Görs internt nu",
        ),
    ),
)

AGENCY = (
    ReadyReason(
        "lack-of-expertise",
        Category.SERVICE,
        (
            "Lack of knowledge of the market",
            "Manglende kjennskap til markedet",
            "Manglende kendskab til markedet",
            "Bristande kunskap om marknaden",
        ),
    ),
    ReadyReason(
        "missing-feature",
        Category.PRODUCT,
        (
            "Missing channel or service",
            "Manglende kanal eller tjeneste",
            "Manglende kanal eller ydelse",
            "Kanal eller tjänst saknas",
        ),
        asks=Asks.FEATURE,
    ),
    ReadyReason(
        "reliability",
        Category.SERVICE,
        (
            "Late or careless deliveries",
            "Sene eller slurvete leveranser",
            "Sene eller sjuskede leverancer",
            "Sena eller slarviga leveranser",
        ),
    ),
    ReadyReason(
        "budget-cut",
        Category.CUSTOMER,
        (
            "Marketing budget cut",
            "Kutt i markedsbudsjettet",
            "Skåret i marketingbudgettet",
            "Neddragen marknadsbudget",
        ),
        avoidable=False,
    ),
    ReadyReason(
        "taken-in-house",
        Category.CUSTOMER,
        (
            "Taken in-house",
            "Gjøres internt nå",
            "Løses internt nu",
            "Görs internt nu",
        ),
    ),
)

OTHER = ReadyReason(
    "other",
    Category.UNSORTED,
    ("Something else", "Noe annet", "Noget andet", "Något annat"),
    avoidable=False,
)

READY_LISTS: dict[str, tuple[ReadyReason, ...]] = {
    "subscription": (*SUBSCRIPTION, *COMMON, OTHER),
    "consultancy": (*CONSULTANCY, *COMMON, OTHER),
    "agency": (*AGENCY, *COMMON, OTHER),
}
