-- Each answer as an entry on its customer's timeline, one a response, with its score and sentiment
-- (as `feedback.scores.sentiment` has it) for the warnings that look at them.
CREATE TEMP TABLE told AS
SELECT 'response:' || r.id AS external_id,
       r.customer_id, r.contact_id, r.answered_at AS occurred_at,
       concat_ws(' · ', nullif(coalesce(l.labels ->> r.language, l.labels ->> 'en', w.choices[1]), ''),
                 nullif(c.text, '')) AS summary,
       s.number AS score,
       CASE WHEN s.kind = 'nps' THEN (s.number >= 7)::int + (s.number >= 9)::int - 1
            WHEN s.kind = 'rating' THEN sign(s.number - 3)
            WHEN s.kind = 'effort' THEN sign(s.number - 4) END::smallint AS sentiment,
       jsonb_build_object('kind', y.kind, 'survey', y.name, 'response', r.id) AS facts
FROM decided d
JOIN feedback_response r ON r.external_id = d.external_id
JOIN feedback_survey y ON y.id = r.survey_id
LEFT JOIN feedback_answer s ON s.response_id = r.id AND s.question = d.score_question
LEFT JOIN feedback_answer c ON c.response_id = r.id AND c.question = d.comment_question
LEFT JOIN feedback_answer w ON w.response_id = r.id AND w.question = d.reason_question
LEFT JOIN LATERAL (
    SELECT v.labels FROM customers_reasonversion v JOIN customers_cancellationreason k ON k.id = v.reason_id
    WHERE k.key = w.choices[1] ORDER BY v.version DESC LIMIT 1
) l ON true
WHERE d.outcome <> 'unchanged' AND r.quarantined_at IS NULL;

WITH before AS (
    SELECT i.id, to_jsonb(i.*) AS was, t.*
    FROM customers_interaction i JOIN told t USING (external_id)
), changed AS (
    UPDATE customers_interaction i
    SET customer_id = b.customer_id, contact_id = b.contact_id, occurred_at = b.occurred_at,
        summary = b.summary, score = b.score, sentiment = b.sentiment, facts = b.facts
    FROM before b WHERE i.id = b.id
    RETURNING i.id, md5(to_jsonb(i.*)::text)::uuid AS digest
)
INSERT INTO customers_rowbefore (file_import_id, "table", row_id, before, after_digest)
SELECT %(import_id)s, 'customers_interaction', id, was, digest FROM before JOIN changed USING (id);

WITH made AS (
    INSERT INTO customers_interaction (external_id, customer_id, contact_id, kind, verb, facts,
        occurred_at, summary, sentiment, score, status, complaint, source_id)
    SELECT external_id, customer_id, contact_id, 'answer', '', facts,
           occurred_at, summary, sentiment, score, '', false, %(import_id)s
    FROM told
    ON CONFLICT (external_id) DO NOTHING
    RETURNING id, md5(to_jsonb(customers_interaction.*)::text)::uuid AS digest
)
INSERT INTO customers_rowbefore (file_import_id, "table", row_id, after_digest)
SELECT %(import_id)s, 'customers_interaction', id, digest FROM made;
