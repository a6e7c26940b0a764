"""Words that say nothing of what a comment is about: anybody uses them of anything.

The lists in `common/` go further than the stop words of PostgreSQL's dictionaries: verbs, praise
and blame, numbers and times, in the forms that people write. No word that also names a thing.
"""

from pathlib import Path

from customers.stems import LANGUAGES

LISTS = Path(__file__).parent / "common"
COMMON = {
    language: frozenset((LISTS / f"{language}.txt").read_text("utf-8").split())
    for language in LANGUAGES
}
