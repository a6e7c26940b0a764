"""The language that a customer is written to in, as SQL over many at once.

The same choice as `feedback.inviting.letters.language_for`: the contact's language, else the
customer's, else its country's.
"""

from feedback.inviting.letters import ALIKE, OF_COUNTRY


def spoken(column: str) -> str:
    """The code of what a column holds, as we write it: `nb` for "NO", "nb_NO" or "Norwegian"."""
    code = f"lower(split_part(replace(btrim(coalesce({column}, '')), '_', '-'), '-', 1))"
    cases = " ".join(f"WHEN '{name}' THEN '{ours}'" for name, ours in sorted(ALIKE.items()))
    return f"CASE {code} {cases} ELSE {code} END"


def of_country(column: str) -> str:
    """The language of a country by its name or code; "" for one that has none of ours."""
    by_language: dict[str, list[str]] = {}
    for name, language in sorted(OF_COUNTRY.items()):
        by_language.setdefault(language, []).append(name.replace("'", "''"))
    cases = " ".join(
        f"WHEN lower(btrim({column})) IN ({', '.join(f"'{name}'" for name in names)}) THEN '{code}'"
        for code, names in by_language.items()
    )
    return f"CASE {cases} ELSE '' END"
