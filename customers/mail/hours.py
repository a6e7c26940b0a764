"""Quiet hours, in the zone of whoever gets the mail."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from churnapp.models import Organisation
from customers.models import SendingRate

# Countries of one zone, or whose people nearly all live in one; others go by the organisation's.
ZONES = {
    "Europe/Oslo": ("no", "norway", "norge", "noreg"),
    "Europe/Stockholm": ("se", "sweden", "sverige"),
    "Europe/Copenhagen": ("dk", "denmark", "danmark"),
    "Europe/Helsinki": ("fi", "finland", "suomi"),
    "Atlantic/Reykjavik": ("is", "iceland", "ísland", "island"),
    "Atlantic/Faroe": ("fo", "faroe islands", "færøyene", "færøerne"),
    "Europe/London": ("gb", "uk", "united kingdom", "great britain", "england", "scotland"),
    "Europe/Dublin": ("ie", "ireland"),
    "Europe/Berlin": ("de", "germany", "deutschland", "tyskland"),
    "Europe/Amsterdam": ("nl", "netherlands", "nederland", "nederländerna"),
    "Europe/Brussels": ("be", "belgium", "belgia", "belgien"),
    "Europe/Paris": ("fr", "france", "frankrike", "frankrig"),
    "Europe/Vienna": ("at", "austria", "österreich", "østerrike", "østrig", "österrike"),
    "Europe/Zurich": ("ch", "switzerland", "schweiz", "sveits"),
    "Europe/Madrid": ("es", "spain", "españa", "spania", "spanien"),
    "Europe/Rome": ("it", "italy", "italia", "italien"),
    "Europe/Warsaw": ("pl", "poland", "polska", "polen"),
    "Europe/Tallinn": ("ee", "estonia", "eesti", "estland"),
    "Europe/Riga": ("lv", "latvia", "latvija", "lettland"),
    "Europe/Vilnius": ("lt", "lithuania", "lietuva", "litauen"),
}
SATURDAY = 5
_BY_COUNTRY = {name: ZoneInfo(zone) for zone, names in ZONES.items() for name in names}


def zone_of(country: str, organisation: Organisation) -> ZoneInfo:
    """The zone of a country, by code or name; the organisation's where it is not known."""
    return _BY_COUNTRY.get(country.strip().lower()) or organisation.zone


def after_quiet_hours(moment: datetime, zone: ZoneInfo, rules: SendingRate) -> datetime:
    """`moment`, or the next hour in `zone` that is not quiet, where it falls into quiet ones."""
    here = moment.astimezone(zone)
    if rules.weekdays_only and here.weekday() >= SATURDAY:
        monday = datetime.combine(here.date() + timedelta(days=7 - here.weekday()), time(), zone)
        return after_quiet_hours(monday, zone, rules)
    if not _is_quiet(here.hour, rules):
        return moment
    day = here.date() + timedelta(days=here.hour >= rules.quiet_until)
    return after_quiet_hours(datetime.combine(day, time(rules.quiet_until), zone), zone, rules)


def _is_quiet(hour: int, rules: SendingRate) -> bool:
    """From and until the same hour: no quiet hours at all."""
    begins, ends = rules.quiet_from, rules.quiet_until
    if begins <= ends:
        return begins <= hour < ends
    return hour >= begins or hour < ends
