-- What was answered, question by question; of known answers only what the file speaks of. Answers
-- of a new response go with it when the import is undone; others are kept as they were before.
CREATE TEMP TABLE given AS
SELECT r.id AS response_id, d.outcome, q.*
FROM decided d
JOIN feedback_response r ON r.external_id = d.external_id
LEFT JOIN customers_cancellationreason k ON k.id = d.reason_id
CROSS JOIN LATERAL (VALUES
    (d.score_question, d.score_kind, d.score, '', '{}'::text[], %(has_score)s, true),
    (d.comment_question, 'long', NULL, d.comment, '{}', %(has_comment)s, true),
    (d.reason_question, 'single', NULL, '', array_remove(ARRAY[k.key::text], NULL), %(has_reason)s, %(has_reason)s)
) q(question, kind, number, text, choices, is_told, is_kept)
WHERE q.is_kept AND q.question IS NOT NULL AND (d.outcome = 'created' OR d.outcome = 'changed' AND q.is_told);

WITH before AS (
    SELECT a.id, to_jsonb(a.*) AS was, g.number, g.text, g.choices
    FROM feedback_answer a JOIN given g USING (response_id, question)
    WHERE (a.number, a.text, a.choices::text[]) IS DISTINCT FROM (g.number::smallint, g.text, g.choices)
), changed AS (
    UPDATE feedback_answer a SET number = b.number, text = b.text, choices = b.choices
    FROM before b WHERE a.id = b.id
    RETURNING a.id, md5(to_jsonb(a.*)::text)::uuid AS digest
)
INSERT INTO customers_rowbefore (file_import_id, "table", row_id, before, after_digest)
SELECT %(import_id)s, 'feedback_answer', id, was, digest FROM before JOIN changed USING (id);

WITH made AS (
    INSERT INTO feedback_answer (response_id, question, kind, number, choices, text)
    SELECT response_id, question, kind, number, choices, text FROM given
    ON CONFLICT (response_id, question) DO NOTHING
    RETURNING id, response_id, question, md5(to_jsonb(feedback_answer.*)::text)::uuid AS digest
)
INSERT INTO customers_rowbefore (file_import_id, "table", row_id, after_digest)
SELECT %(import_id)s, 'feedback_answer', made.id, digest
FROM made JOIN given USING (response_id, question)
WHERE given.outcome = 'changed';
