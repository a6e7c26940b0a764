"""What stands in the demo company's library, language by language."""

from collections.abc import Mapping
from dataclasses import dataclass

Texts = Mapping[str, tuple[str, str]]  # title and summary by language


@dataclass(frozen=True)
class Book:
    """A content; `days` ago it was published (None: not yet), and expired (None: never)."""

    key: str
    kind: str
    days: tuple[int | None, int | None]
    texts: Texts
    features: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()


SHELF = (
    Book(
        "first_week",
        "guide",
        (700, None),
        {
            "en": (
                "Your first week with Lysbro",
                "Five steps from an empty board to a plan that everybody can read.",
            ),
            "nb": (
                "Den første uken med Lysbro",
                "Fem steg fra en tom tavle til en plan alle kan lese.",
            ),
            "da": (
                "Din første uge med Lysbro",
                "Fem trin fra en tom tavle til en plan, som alle kan læse.",
            ),
            "sv": (
                "Första veckan med Lysbro",
                "Fem steg från en tom tavla till en plan som alla kan läsa.",
            ),
        },
    ),
    Book(
        "forecast_in_ten_minutes",
        "guide",
        (320, None),
        {
            "en": (
                "Forecast in ten minutes",
                "See three months ahead who has too much to do, and who has room.",
            ),
            "nb": (
                "Prognosen på ti minutter",
                "Se tre måneder fram hvem som har for mye å gjøre, og hvem som har plass.",
            ),
            "da": (
                "Prognosen på ti minutter",
                "Se tre måneder frem, hvem der har for meget at lave, og hvem der har plads.",
            ),
            "sv": (
                "Prognosen på tio minuter",
                "Se tre månader framåt vem som har för mycket att göra och vem som har plats.",
            ),
        },
        features=("forecast",),
    ),
    Book(
        "approvals_that_flow",
        "guide",
        (210, None),
        {
            "en": (
                "Approvals that flow",
                "Who approves what, and how hours are approved in one go on Fridays.",
            ),
            "nb": (
                "Godkjenning som flyter",
                "Hvem som godkjenner hva, og hvordan timer godkjennes samlet på fredager.",
            ),
            "sv": (
                "Attester som flyter på",
                "Vem som attesterar vad, och hur tiden attesteras samlat på fredagar.",
            ),
        },
        features=("approvals",),
    ),
    Book(
        "integrations_handbook",
        "download",
        (150, None),
        {
            "en": (
                "Handbook of integrations",
                "Payroll, accounts and calendars: what is connected how, as a PDF of 24 pages.",
            ),
            "nb": (
                "Håndbok for integrasjoner",
                "Lønn, regnskap og kalendere: hva som kobles til hvordan, en PDF på 24 sider.",
            ),
            "da": (
                "Håndbog om integrationer",
                "Løn, regnskab og kalendere: hvad der forbindes hvordan, en PDF på 24 sider.",
            ),
            "sv": (
                "Handbok om integrationer",
                "Lön, bokföring och kalendrar: vad som kopplas hur, en PDF på 24 sidor.",
            ),
        },
        features=("integrations",),
        plans=("business", "enterprise"),
    ),
    Book(
        "audit_log_explained",
        "guide",
        (90, None),
        {
            "en": ("The audit log explained", "What your auditor asks for, and where it is found."),
            "nb": ("Revisjonsloggen forklart", "Hva revisor spør om, og hvor det finnes."),
            "da": ("Revisionsloggen forklaret", "Hvad revisor spørger om, og hvor det findes."),
            "sv": ("Revisionsloggen förklarad", "Vad revisorn frågar efter och var det finns."),
        },
        features=("audit",),
        plans=("enterprise",),
    ),
    Book(
        "faster_mobile_app",
        "news",
        (21, None),
        {
            "en": (
                "The mobile app is fast again",
                "Days open in under a second, also on a poor connection.",
            ),
            "nb": (
                "Mobilappen er rask igjen",
                "Dager åpnes på under et sekund, også med dårlig dekning.",
            ),
            "da": (
                "Mobilappen er hurtig igen",
                "Dage åbner på under et sekund, også med dårlig forbindelse.",
            ),
            "sv": (
                "Mobilappen är snabb igen",
                "Dagar öppnas på under en sekund, även med dålig täckning.",
            ),
        },
    ),
    Book(
        "summer_planning",
        "download",
        (200, 80),
        {
            "en": ("Planning the summer", "A template for holidays and those who stand in."),
            "nb": ("Sommerplanlegging", "En mal for ferier og vikarer."),
            "da": ("Sommerplanlægning", "En skabelon til ferier og afløsere."),
            "sv": ("Sommarplanering", "En mall för semestrar och vikarier."),
        },
    ),
    Book(
        "invoices_line_by_line",
        "guide",
        (None, None),
        {
            "en": ("Invoices, line by line", "What each line means, and whom to ask."),
            "nb": ("Fakturaen, linje for linje", "Hva hver linje betyr, og hvem man spør."),
        },
        features=("invoicing",),
    ),
)
