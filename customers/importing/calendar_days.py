"""Days that are written well and that no calendar has, such as 30.02.2026."""

import re
from calendar import monthrange

YEAR_FIRST = re.compile(r"(?P<y>\d{4})[-/.]?(?P<m>\d{1,2})[-/.]?(?P<d>\d{1,2})")
DAY_FIRST = re.compile(r"(?P<d>\d{1,2})(?P<mark>[-/.])(?P<m>\d{1,2})(?P=mark)(?P<y>\d{4})")
MONTH_FIRST = re.compile(r"(?P<m>\d{1,2})(?P<mark>[-/])(?P<d>\d{1,2})(?P=mark)(?P<y>\d{4})")


def missing_day(text: str, order: str) -> dict[str, int] | None:
    """Day, month and year where `text` begins with a day that its month does not have.

    `order` is that of the file: DMY, MDY or unknown. None where it is no such day.
    """
    written = re.match(r"[^T\s]*", text)
    day = written[0] if written else ""
    shapes = (MONTH_FIRST, YEAR_FIRST) if order == "MDY" else (YEAR_FIRST, DAY_FIRST)
    if "." in day:
        shapes = (YEAR_FIRST, DAY_FIRST)
    found = next((match for shape in shapes if (match := shape.fullmatch(day))), None)
    if found is None:
        return None
    parts = {"year": int(found["y"]), "month": int(found["m"]), "day": int(found["d"])}
    if not (1 <= parts["month"] <= 12 and 1 <= parts["day"] <= 31 and parts["year"]):
        return None
    return parts if parts["day"] > monthrange(parts["year"], parts["month"])[1] else None
