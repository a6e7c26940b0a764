"""Numbers in addresses and hidden fields, which anybody can write by hand."""

LONGEST = 18  # digits of which every number fits into a bigint


def fits_bigint(text: str) -> bool:
    """Whether it is a whole number, not below zero, that the database can keep or compare with."""
    return text.isdecimal() and len(text) <= LONGEST
