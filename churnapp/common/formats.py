"""Figures, money and dates as the reader's language writes them.

Every function takes None for "unknown" and then says "n/a". A minus is U+2212, not a hyphen.
"""

import re
from datetime import date, datetime
from decimal import Decimal

from babel import Locale, dates, numbers
from django.utils import timezone
from django.utils.formats import get_format
from django.utils.translation import get_language, gettext, ngettext, pgettext

Number = int | float | Decimal
MINUS = "\N{MINUS SIGN}"
CODE_AND_FIGURE = re.compile(r"([A-Za-z]{2})(?=\d)")
SKELETONS = {"month": "yMMM", "quarter": "yQQQ", "year": "y"}
THOUSANDS = {"da": ("t", "tusind"), "sv": ("tn", "tusen")}
# Nordic readers of English expect 4 March and a week that starts on Monday.
LOCALES = {"en": "en_GB", "nb": "nb_NO", "da": "da_DK", "sv": "sv_SE"}


def locale() -> Locale:
    """The reader's locale, from the active language."""
    language = (get_language() or "en").split("-")[0]
    return Locale.parse(LOCALES.get(language, "en_GB"))


def not_available() -> str:
    return pgettext("no value", "n/a")


def with_minus(text: str) -> str:
    return text.replace("-", MINUS)


def number(value: Number | None, digits: int = 0) -> str:
    """1,234 or 1 234,5: at most `digits` decimals."""
    if value is None:
        return not_available()
    pattern = "#,##0" + ("." + "#" * digits if digits else "")
    return with_minus(numbers.format_decimal(value, format=pattern, locale=locale()))


def typed(text: str) -> str:
    """A number with a decimal point, as an address has it, in the way the reader would type it."""
    return text.replace(".", get_format("DECIMAL_SEPARATOR"))


def compact(value: Number | None) -> str:
    """1.2K, 3.4M: three figures at most. Small numbers stay as they are."""
    if value is None:
        return not_available()
    size = abs(float(value))
    if size < 10_000:
        return number(value, 1 if size < 100 else 0)
    short = numbers.format_compact_decimal(value, fraction_digits=digits_of(value), locale=locale())
    return with_minus(spelled_out(short))


def spelled_out(short: str) -> str:
    """Thousands in full where their abbreviation reads as another unit: "463 t" as tonnes."""
    letters, word = THOUSANDS.get(locale().language, ("", ""))
    number_, _space, unit = short.rpartition("\N{NO-BREAK SPACE}")
    return f"{number_}\N{NO-BREAK SPACE}{word}" if word and unit == letters else short


def digits_of(value: Number) -> int:
    """Decimals that leave a compact number with three figures."""
    whole = len(str(abs(int(value)))) % 3 or 3
    return {1: 2, 2: 1, 3: 0}[whole]


def percent(share: Number | None, digits: int = 1) -> str:
    """A share of 1 as a percentage: 0.0312 is 3.1 %."""
    if share is None:
        return not_available()
    pattern = "#,##0." + "0" * digits + "%" if digits else "#,##0%"
    if locale().language != "en":
        pattern = pattern.replace("%", "\N{NO-BREAK SPACE}%")
    return with_minus(numbers.format_percent(share, format=pattern, locale=locale()))


def compact_percent(share: Number | None) -> str:
    """12.3B% where `percent` would need more than five figures."""
    if share is None or abs(float(share)) < 100:
        return percent(share)
    return percent(0, 0).replace("0", compact(share * 100))


def decimals(value: Number | None, digits: int = 1) -> str:
    """4.0: with all of its `digits` decimals, and no minus before nothing."""
    if value is None:
        return not_available()
    pattern = "#,##0." + "0" * digits if digits else "#,##0"
    rounded = round(Decimal(str(value)), digits) + 0
    return with_minus(numbers.format_decimal(rounded, format=pattern, locale=locale()))


def points(difference: Number | None, digits: int = 1) -> str:
    """A difference of two shares in percentage points, with its sign."""
    if difference is None:
        return not_available()
    rounded = round(Decimal(str(difference)) * 100, digits)
    text = decimals(abs(rounded), digits)
    return gettext("%(sign)s%(points)s pp") % {
        "sign": sign_of(rounded),
        "points": text,
    }


def sign_of(value: Number) -> str:
    """+, − or ± for none."""
    if value == 0:
        return "±"
    return "+" if value > 0 else MINUS


def money(amount: Number | None, currency: str, digits: int | None = None) -> str:
    """An amount in major units with its currency; `digits` None means the currency's own."""
    if amount is None:
        return not_available()
    places = numbers.get_currency_precision(currency) if digits is None else digits
    pattern = locale().currency_formats["standard"].pattern.split(";")[0]
    pattern = pattern.replace("0.00", "0." + "0" * places if places else "0")
    text = numbers.format_currency(
        amount, currency, format=pattern, locale=locale(), currency_digits=False
    )
    return apart(with_minus(text))


def compact_money(amount: Number | None, currency: str) -> str:
    """€1.2M or 1,2 mill. kr, the currency where `money` has it; below ten thousand all of it."""
    if amount is None:
        return not_available()
    if abs(float(amount)) < 10_000:
        return money(amount, currency, digits=0)
    whole = money(1 if amount > 0 else -1, currency, digits=0)
    return whole.replace("1", compact(amount if amount > 0 else -amount))


def apart(text: str) -> str:
    """A code of letters stands apart from its figures: NOK 100, but €100."""
    return CODE_AND_FIGURE.sub("\\1\N{NO-BREAK SPACE}", text)


def signed(text: str, value: Number) -> str:
    """A formatted amount with a plus where it is above zero."""
    return f"+{text}" if value > 0 else text


def day(value: date | datetime | None) -> str:
    """4 Mar 2025."""
    if value is None:
        return not_available()
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return dates.format_date(value, format="medium", locale=locale())


def month_name(number: int) -> str:
    """February, februar: as it stands in a date."""
    return str(dates.get_month_names("wide", "format", locale())[number])


def days(count: int) -> str:
    """A length of time: 1 day, 90 days."""
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": number(count)}


def moment(value: datetime | None) -> str:
    """4 Mar 2025, 08:12 in the active time zone."""
    if value is None:
        return not_available()
    return f"{day(value)}, {clock(value)}"


def clock(value: datetime) -> str:
    """08:12 in the active time zone."""
    return dates.format_time(timezone.localtime(value).time(), format="HH:mm", locale=locale())


def country(code: str) -> str:
    """The name of a country in the reader's language; a code that nobody knows stays as it is."""
    return locale().territories.get(code.upper(), code)


def period(start: date, end: date, interval: str) -> str:
    """The name of `[start, end)`: Mar 2025, Q1 2025, week 5, 2025, 2025, a day, or two days."""
    if interval in SKELETONS:
        return dates.format_skeleton(SKELETONS[interval], start, locale=locale())
    if interval == "week":
        year, week, _weekday = start.isocalendar()
        return gettext("Week %(week)s, %(year)s") % {"week": week, "year": year}
    if interval == "day":
        return day(start)
    return dates.format_interval(start, date.fromordinal(end.toordinal() - 1), locale=locale())
