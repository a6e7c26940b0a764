"""Customers' own attributes: which there are, and who has which value."""

import math
from collections.abc import Iterable

from django.db import connection
from django.db.models import Q

SAMPLE = 500  # customers whose attributes are offered to filter by

ATTRIBUTES_SEEN = """
    SELECT key, array_agg(DISTINCT value ORDER BY value)
    FROM (SELECT attributes FROM customers_customer ORDER BY id DESC LIMIT %s) AS newest,
         jsonb_each_text(attributes) AS pair(key, value)
    WHERE value <> ''
    GROUP BY key
    ORDER BY key
"""

COUNTRIES = """
    WITH RECURSIVE seen AS (
        (SELECT country FROM customers_customer ORDER BY country LIMIT 1)
        UNION ALL
        SELECT (SELECT next.country FROM customers_customer AS next
                WHERE next.country > seen.country ORDER BY next.country LIMIT 1)
        FROM seen WHERE seen.country IS NOT NULL
    )
    SELECT country FROM seen WHERE country <> ''
"""


def has_attribute(name: str, values: Iterable[str]) -> Q:
    """Customers with an attribute of one of these values, written as text or as a number."""
    wanted = Q()
    for value in values:
        for meaning in meanings_of(value):
            wanted |= Q(attributes__contains={name: meaning})
    return wanted


def meanings_of(value: str) -> list[str | bool | int | float]:
    """What a word of a query may be in JSON: itself, and a number, true or false."""
    meanings: list[str | bool | int | float] = [value]
    if value.lower() in {"true", "false"}:
        meanings.append(value.lower() == "true")
    try:
        number = float(value)
    except ValueError:
        return meanings
    if math.isfinite(number):
        meanings.append(int(number) if number.is_integer() else number)
    return meanings


def attribute_names() -> list[str]:
    """Attributes that the newest customers have: enough to offer, cheap at any size."""
    return list(attribute_choices())


def attribute_choices() -> dict[str, list[str]]:
    """Attributes of the newest customers with the values seen there, both sorted."""
    with connection.cursor() as cursor:
        cursor.execute(ATTRIBUTES_SEEN, [SAMPLE])
        return dict(cursor.fetchall())


def countries() -> list[str]:
    """Every country that a customer has, by jumping along the index instead of reading it all."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTRIES)
        return [country for (country,) in cursor.fetchall() if country]
