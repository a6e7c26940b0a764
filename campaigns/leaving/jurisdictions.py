"""How many clicks leaving may take at most, by law and country.

Pure. A click is a button that has to be pressed from the first page on until the cancellation is
confirmed. Where a law names no number, ours is the strictest reading of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Jurisdiction:
    """One law: its limit, and for how many months a contract whose notice is past may go on."""

    key: str
    name: Promise
    law: str
    most_clicks: int
    countries: frozenset[str] = frozenset()
    most_renewal_months: int | None = None


EEA = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS",
    "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
NAMES: Mapping[str, str] = {
    "germany": "DE", "deutschland": "DE", "norway": "NO", "norge": "NO", "sweden": "SE",
    "sverige": "SE", "denmark": "DK", "danmark": "DK", "finland": "FI", "united states": "US",
    "usa": "US", "united kingdom": "GB", "great britain": "GB", "uk": "GB",
}  # fmt: skip
STRICTEST = "eu"
ELSEWHERE = "elsewhere"
ALL: tuple[Jurisdiction, ...] = (
    Jurisdiction(
        STRICTEST,
        _("EU and EEA"),
        "Directive (EU) 2023/2673: withdrawal function, article 11a of Directive 2011/83/EU",
        most_clicks=2,
        countries=EEA,
    ),
    Jurisdiction(
        "de",
        _("Germany"),
        "BGB § 312k (Kündigungsbutton), § 309 no. 9 (tacit renewal)",
        most_clicks=2,
        countries=frozenset({"DE"}),
        most_renewal_months=1,
    ),
    Jurisdiction(
        "gb",
        _("United Kingdom"),
        "Digital Markets, Competition and Consumers Act 2024, section 260",
        most_clicks=2,
        countries=frozenset({"GB"}),
    ),
    Jurisdiction(
        "us_ca",
        _("California"),
        "Automatic Renewal Law, Business and Professions Code § 17602",
        most_clicks=2,
    ),
    Jurisdiction(
        "us",
        _("United States"),
        "Restore Online Shoppers' Confidence Act, 15 U.S.C. § 8403; FTC on click-to-cancel",
        most_clicks=3,
        countries=frozenset({"US"}),
    ),
    Jurisdiction(ELSEWHERE, _("Elsewhere"), "", most_clicks=3),
)
BY_KEY: Mapping[str, Jurisdiction] = {each.key: each for each in ALL}


def code_of(country: str) -> str:
    """The code of a country by its code or one of its names."""
    plain = country.strip()
    return NAMES.get(plain.lower(), plain.upper())


def jurisdiction_of(country: str, chosen: str = "") -> Jurisdiction:
    """What is chosen, else the country's; for a customer of no known country the strictest."""
    if chosen in BY_KEY:
        return BY_KEY[chosen]
    code = code_of(country)
    if not code:
        return BY_KEY[STRICTEST]
    found = (each for each in ALL if code in each.countries)
    return next(found, BY_KEY[ELSEWHERE])


def limit_of(chosen: str) -> Jurisdiction:
    """What a flow has to keep to: the law that is chosen, else the strictest there is."""
    return BY_KEY.get(chosen, BY_KEY[STRICTEST])
