"""Every reason, note and phase of an import as a sentence in the reader's language."""

import json
from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from churnapp.common import formats

# Why a cell or a row is refused.
ROWS: dict[str, str | Promise] = {
    "missing": _("It is empty, but needed."),
    "too_long": _("It is longer than %(limit)s characters."),
    "not_a_number": _("It is no number."),
    "not_whole": _("It is no whole number."),
    "mixed_marks": _("The decimal mark differs from most of the file. Line %(line)s has it too."),
    "doubtful_number": _(
        "It could mean two numbers. Say how the file writes decimals: comma or point."
    ),
    "not_a_day": _("It is no date. Write it as 2025-01-31 or 31.01.2025."),
    "not_a_month": _("It is no month. Write it as 2025-01."),
    "not_a_moment": _("It is no date and time. Write it as 2025-01-31T14:05."),
    "no_such_day": _("There is no %(day)s %(month)s in %(year)s."),
    "mixed_days": _(
        "Day and month stand in another order than in most of the file. Line %(line)s has it too."
    ),
    "doubtful_day": _(
        "Day and month can't be told apart. Say in which order the file writes them: DMY or MDY."
    ),
    "not_a_flag": _("It is neither yes nor no."),
    "not_a_choice": _("It is not known. Known are: %(known)s."),
    "not_a_currency": _("It is no currency. Use an ISO code such as EUR."),
    "not_an_address": _("It is no e-mail address."),
    "wrong_width": _("The row has %(found)s values, the header %(expected)s."),
    "wrong_quotes": _("Its quotation marks don't match."),
    "unclosed_quote": _("A quotation mark opens here and never closes."),
    "nul": _("It holds a zero byte (␀), so the file is damaged here."),
    "twice": _("Line %(line)s says something about the same already."),
    "own_parent": _("A customer can't be its own parent. Name another, or none."),
    "own_former_id": _("It is a former id of this customer. Name another, or none."),
    "own_ancestor": _(
        "Following the parents leads back to this customer. "
        "Give one of them another parent, or none."
    ),
    "refused_parent": _(
        "Its parent company stands on line %(line)s, which is refused. Mend that line first."
    ),
    "unknown_parent": _("No such customer, neither here nor in the file."),
    "owner_left": _("This person no longer works here. Name somebody who does, or nobody."),
    "owner_reads": _(
        "This person may only read, so can't work with customers. "
        "Name somebody who can, or ask an administrator to give them another role."
    ),
    "unknown_customer": _("No such customer. Import customers or subscriptions first."),
    "unknown_subscription": _("No such subscription. Import subscriptions first."),
    "other_customer": _("This subscription belongs to another customer."),
    "subscription_of_other": _(
        "Subscription %(subscription)s belongs to customer %(customer)s already."
    ),
    "two_customers": _(
        "Subscription %(subscription)s belongs to another customer on line %(line)s."
    ),
    "negative": _("It is below zero."),
    "not_positive": _("It must be above zero."),
    "too_large": _("It is too large."),
    "over_limit": _("It is too large: it must be below %(limit)s."),
    "over_limit_a_year": _("It is too large: a year of it must be below %(limit)s %(currency)s."),
    "over_limit_together": _(
        "Together with the other lines of the same it is too large: it must be below %(limit)s."
    ),
    "reporting_currency": _("This is the reporting currency: its rate is always 1."),
    "no_rate": _("There is no exchange rate for %(day)s or before. Import rates first."),
    "ends_before_start": _("It ends before it starts on %(day)s."),
    "overlap": _(
        "It overlaps with line %(line)s, a row of the same subscription %(subscription)s."
    ),
    "refused_with": _(
        "Not taken without line %(line)s: the rows of a subscription are its whole truth."
    ),
    "in_the_future": _("It lies in the future. Only what has happened already can be imported."),
    "superseded_first": _(
        "What was believed until then must have been recorded before, and not in the future."
    ),
    "out_of_order": _(
        "Something recorded at %(known_at)s is known for these days already. "
        "History goes in in the order of knowing."
    ),
    "not_of_five": _("A rating is a number from 0 to 5."),
    "before_it_began": _("It lies before the interaction itself."),
    "score_off_scale": _("A score of this kind is a whole number from %(lowest)s to %(highest)s."),
    "score_of_no_scale": _("An answer of this kind has no score. Leave it empty."),
    "survey_of_other_kind": _("The survey “%(survey)s” is of kind %(kind)s here already."),
    "survey_of_two_kinds": _("Line %(line)s says that this survey is of kind %(kind)s."),
    "survey_unpublished": _("This survey is a draft. Publish it first."),
    "reason_not_asked": _(
        "The survey “%(survey)s” does not ask for a reason. Publish a version with a question that"
        " offers your reasons, or name another survey."
    ),
    "unknown_departure": _(
        "This customer has no cancellation of that id. Import cancellations first, or leave it"
        " empty."
    ),
    "no_departure_that_day": _(
        "No cancellation of this customer takes effect on that day. Correct the day, or leave it"
        " empty."
    ),
    "several_departures": _(
        "%(count)s cancellations of this customer fit: %(ids)s. Name the one that the answer is"
        " about in the column cancellation_id."
    ),
}

# Why a whole file is refused.
FILES: dict[str, str | Promise] = {
    "empty_file": _("The file is empty."),
    "other_format": _("This is no CSV file (%(format)s). Save it as CSV and take that."),
    "gone": _("The file is no longer kept here. Upload it again."),
    "undecodable": _(
        "Line %(line)s can't be read: the file is neither UTF-8, UTF-16 nor Windows-1252."
    ),
    "damaged_utf8": _(
        "Line %(line)s is damaged: the file is UTF-8, but something on this line is not."
        " Save the file anew as UTF-8."
    ),
    "header_nul": _("The header on line %(line)s holds a zero byte, so the file is damaged."),
    "header_quotes": _("The quotation marks of the header on line %(line)s don't match."),
    "too_many_columns": _("The file has %(found)s columns; the limit is %(limit)s."),
    "too_many_rows": _("The file has more than %(limit)s rows. Split it."),
    "too_many_bytes": _("The file is larger than %(limit)s MB. Split it."),
    "column_twice": _("The column %(column)s is there twice. Rename or remove one."),
    "no_such_column": _("The file has no column %(column)s. It has: %(header)s."),
    "unknown_name": _("%(name)s is no column of %(kind)s. Known are: %(known)s."),
    "mapped_twice": _("Two columns of the file are to be %(name)s. Leave one out."),
    "mapped_and_set": _("%(name)s is both a column of the file and set to one value."),
    "wrong_fixed_value": _("%(name)s can't be set to “%(value)s”. %(known)s"),
    "missing_columns": _("Missing columns: %(missing)s. The file has: %(header)s."),
}

# What is worth knowing without being wrong.
NOTES: dict[str, Any] = {
    "never_in_force": ngettext_lazy(
        "%(count)s row starts and ends on one day: it was never in force",
        "%(count)s rows start and end on one day: they were never in force",
        "count",
    ),
    "one_off": ngettext_lazy(
        "%(count)s one-off sale left out: it is no recurring revenue",
        "%(count)s one-off sales left out: they are no recurring revenue",
        "count",
    ),
    "customer_created": ngettext_lazy(
        "%(count)s customer not seen before, named by its id",
        "%(count)s customers not seen before, named by their ids",
        "count",
    ),
    "plan_created": ngettext_lazy("%(count)s new plan", "%(count)s new plans", "count"),
    "feature_created": ngettext_lazy("%(count)s new feature", "%(count)s new features", "count"),
    "reason_created": ngettext_lazy(
        "%(count)s new reason, not yet sorted", "%(count)s new reasons, not yet sorted", "count"
    ),
    "survey_created": ngettext_lazy("%(count)s new survey", "%(count)s new surveys", "count"),
    "departure_found": ngettext_lazy(
        "%(count)s answer tied to the departure that it is about",
        "%(count)s answers tied to the departures that they are about",
        "count",
    ),
    "departure_unknown": ngettext_lazy(
        "%(count)s exit answer without a departure in the 90 days before it: taken, and tied to"
        " none",
        "%(count)s exit answers without a departure in the 90 days before them: taken, and tied to"
        " none",
        "count",
    ),
    "contact_unknown": ngettext_lazy(
        "%(count)s row names a contact that its customer does not have: taken without one",
        "%(count)s rows name contacts that their customers do not have: taken without them",
        "count",
    ),
    "added_up": ngettext_lazy(
        "%(count)s entry made of several rows, added up",
        "%(count)s entries made of several rows, added up",
        "count",
    ),
    "owner_unknown": ngettext_lazy(
        "%(count)s row names an owner without an account here: the owner stays as it is",
        "%(count)s rows name owners without an account here: the owners stay as they are",
        "count",
    ),
    "no_longer_believed": ngettext_lazy(
        "%(count)s known term is not in the file and is no longer believed",
        "%(count)s known terms are not in the file and are no longer believed",
        "count",
    ),
    "merged": ngettext_lazy(
        "%(count)s row left out: that customer was merged into another",
        "%(count)s rows left out: those customers were merged into others",
        "count",
    ),
    "term_brought_back": ngettext_lazy(
        "%(count)s term believed again", "%(count)s terms believed again", "count"
    ),
    "term_superseded": ngettext_lazy(
        "%(count)s term no longer believed", "%(count)s terms no longer believed", "count"
    ),
    "row_restored": ngettext_lazy(
        "%(count)s row put back as it was", "%(count)s rows put back as they were", "count"
    ),
    "row_deleted": ngettext_lazy("%(count)s row deleted", "%(count)s rows deleted", "count"),
    "changed_since": ngettext_lazy(
        "%(count)s row stays: it was changed after the import",
        "%(count)s rows stay: they were changed after the import",
        "count",
    ),
    "in_use": ngettext_lazy(
        "%(count)s row stays: other things hang on it",
        "%(count)s rows stay: other things hang on them",
        "count",
    ),
    "in_use_by": ngettext_lazy(
        "%(count)s row stays: other things hang on it, namely %(things)s",
        "%(count)s rows stay: other things hang on them, namely %(things)s",
        "count",
    ),
    "kept_for_history": ngettext_lazy(
        "%(count)s row stays for the history: only terms that are no longer believed hang on it,"
        " and figures can still be asked for as they were known then",
        "%(count)s rows stay for the history: only terms that are no longer believed hang on them,"
        " and figures can still be asked for as they were known then",
        "count",
    ),
}

# Rows that have no name of their own.
ROWS_CALLED: dict[str, str | Promise] = {"customers_feature_plans": _("plans of features")}

PHASES: dict[str, str | Promise] = {
    "reading": _("Reading the file"),
    "staging": _("Checking every cell"),
    "publishing": _("Comparing and publishing"),
    "undoing": _("Taking it back"),
}

# Why the work on an import ended early.
ENDS: dict[str, str | Promise] = {
    "interrupted": _("It was interrupted too often. Nothing was changed; start it again."),
    "lost": _("The program was stopped while it worked. Nothing was changed; start it again."),
    "overtaken": _(
        "Others kept changing the same facts. Nothing was changed; try again in a moment."
    ),
    "broken": _("Something went wrong on our side. Nothing was changed; the log tells why."),
    "no_file": _("The file is no longer there. Nothing was changed; upload it again."),
}


def row_sentence(reason: str) -> str:
    """Why a row was refused, from what is stored with it."""
    facts = json.loads(reason)
    if "limit" in facts:
        facts["limit"] = formats.number(facts["limit"])
    if facts["code"] == "no_such_day":
        facts["month"] = formats.month_name(facts["month"])
    return _sentence(ROWS, facts)


def file_sentence(problem: Mapping[str, Any]) -> str:
    """Why a file was refused."""
    return _sentence(FILES, problem)


def note_sentence(code: str, count: int) -> str:
    """What is worth knowing, with its number.

    A code may name the table of the rows, and then the tables of what hangs on them.
    """
    code, table, hanging = [*code.split(" "), "", ""][:3]
    if code not in NOTES:
        return f"{code}: {count}"
    things = ", ".join(rows_of(name) for name in hanging.split(",") if name)
    sentence = str(NOTES[code] % {"count": count, "things": things})
    return f"{capfirst(rows_of(table))}: {sentence}" if table else sentence


def stays(code: str) -> bool:
    """Whether the note tells of rows that an undo leaves."""
    return code.partition(" ")[0] in {"changed_since", "in_use", "in_use_by", "kept_for_history"}


def rows_of(table: str) -> str:
    """The rows of a table, as people call them."""
    if table in ROWS_CALLED:
        return str(ROWS_CALLED[table])
    found = (m for m in apps.get_models(include_auto_created=True) if m._meta.db_table == table)  # noqa: SLF001
    model = next(found, None)
    return str(model._meta.verbose_name_plural) if model else table  # noqa: SLF001


def _sentence(sentences: Mapping[str, str | Promise], facts: Mapping[str, Any]) -> str:
    code = facts.get("code", "")
    return str(sentences[code]) % facts if code in sentences else str(code)
