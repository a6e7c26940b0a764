"""Numbers as people type them: with a comma or a point, and thousands apart or not."""

import re

SPACE = r"[ \u00a0\u2009\u202f'’]"
BETWEEN_THOUSANDS = re.compile(rf"(?<=\d){SPACE}(?=\d{{3}}(?!\d))")
AFTER_A_MARK = re.compile(rf"[.,].*{SPACE}")
NUMBER = re.compile(r"[-\u2212]?\d[\d.,]*")
GROUPED = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+")


class AmbiguousError(ValueError):
    """One number or another, a thousand times as much: `readings` are both, with a point."""

    def __init__(self, readings: tuple[str, str]) -> None:
        super().__init__(" or ".join(readings))
        self.readings = readings


def with_point(text: str, decimal_mark: str) -> str:
    """`text` with a point before its decimals and nothing between its thousands.

    `decimal_mark` is how the reader's language writes it; the other mark is taken for it as well
    where it can't stand between thousands. What is no number at all is left as it is. Raises
    AmbiguousError for 1,234 where a point is usual, and for 1.234 where a comma is.
    """
    given = text.strip()
    joined = BETWEEN_THOUSANDS.sub("", given)
    if not NUMBER.fullmatch(joined) or AFTER_A_MARK.search(given):
        return text
    sign, digits = ("-", joined[1:]) if joined[0] in "-\u2212" else ("", joined)
    whole, mark, decimals = _split(digits)
    if mark and digits.count(mark) > 1:
        return sign + re.sub(r"[.,]", "", digits) if _is_grouped(digits) else text
    if any(other in whole for other in ".,"):
        return f"{sign}{re.sub('[.,]', '', whole)}.{decimals}" if _is_grouped(whole) else text
    if mark not in {"", decimal_mark} and joined == given and _is_grouped(digits):
        raise AmbiguousError((sign + whole + decimals, f"{sign}{whole}.{decimals}"))
    return f"{sign}{whole}.{decimals}" if mark else sign + whole


def _split(digits: str) -> tuple[str, str, str]:
    """What stands before the last mark, that mark, and what follows it."""
    last = max(digits.rfind("."), digits.rfind(","))
    return (digits, "", "") if last < 0 else (digits[:last], digits[last], digits[last + 1 :])


def _is_grouped(digits: str) -> bool:
    """Whether each mark stands before three digits, and all are alike."""
    return GROUPED.fullmatch(digits) is not None and not ("." in digits and "," in digits)
