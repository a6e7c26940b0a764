"""What a person told us of a thing that is fixed now: one sentence of theirs, for the mail to them.

Only what the very person whom the mail goes to has written in an answer or in the cancel flow:
never a colleague's words, nor a note of ours. A sentence that holds an address is left out, so that
nobody can send anything by it.
"""

from typing import Any

from campaigns.filters import themes_of
from campaigns.models import Fix
from campaigns.sequences import sql

LONGEST = 160
QUOTES = {"en": ("“", "”"), "nb": ("«", "»"), "da": ("”", "”"), "sv": ("”", "”")}
# The sentence that holds most of the words by which the theme was found, of the newest answer.
SQL = """(
SELECT %(opens)s
       || CASE WHEN length(sentence) <= %(longest)s THEN sentence
               ELSE regexp_replace(left(sentence, %(longest)s), '\\s+\\S*$', '') || '…' END
       || %(closes)s
  FROM (SELECT answer.text, tied.matched, response.answered_at AS at
          FROM feedback_commenttheme AS tied
          JOIN feedback_answer AS answer ON answer.id = tied.answer_id
          JOIN feedback_response AS response ON response.id = answer.response_id
         WHERE tied.theme_id = ANY(%(themes)s) AND tied.state = 'confirmed'
           AND response.contact_id = recipient.contact_id
           AND response.answered_at IS NOT NULL AND response.quarantined_at IS NULL
         UNION ALL
        SELECT visit.comment, '', visit.made_at
          FROM campaigns_cancelvisit AS visit
          JOIN customers_cancellationreason AS reason ON reason.id = visit.reason_id
         WHERE coalesce(reason.merged_into_id, reason.id) = ANY(%(reasons)s)
           AND visit.contact_id = recipient.contact_id) AS said
 CROSS JOIN LATERAL regexp_split_to_table(said.text, '(?<=[.!?…])\\s+|\\n+')
            WITH ORDINALITY AS cut (piece, place)
 CROSS JOIN LATERAL (SELECT btrim(regexp_replace(cut.piece, '\\s+', ' ', 'g')) AS sentence) AS plain
 CROSS JOIN LATERAL (
       SELECT count(*) AS held FROM unnest(string_to_array(said.matched, ', ')) AS word
        WHERE strpos(lower(sentence), lower(word)) > 0) AS words
 WHERE sentence <> '' AND sentence !~* '(://|www\\.|@|\\[\\[|\\{\\{)'
 ORDER BY words.held DESC, said.at DESC, cut.place
 LIMIT 1)"""


def own_words(fix: Fix | None, language: str) -> str:
    """That sentence in quotation marks, as an SQL expression on a row `recipient`."""
    if fix is None:
        return "NULL::text"
    opens, closes = QUOTES.get(language, QUOTES["en"])
    values: dict[str, Any] = {
        "opens": opens,
        "closes": closes,
        "longest": LONGEST,
        "themes": themes_of(fix),
        "reasons": [reason.counts_as.pk for reason in fix.reasons.select_related("merged_into")],
    }
    return sql.composed(SQL, values)
