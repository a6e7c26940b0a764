-- The open task about an answer reads as the answer does now (as `feedback.services.telling` has it), and is
-- settled where the answer asks for nobody any more, unless a person is at it. Of a task that is done,
-- one note on the timeline says what the answer says instead.
CREATE TEMP TABLE reworded AS
SELECT k.id, k.customer_id, k.what AS was, k.done_at, w.what,
       NOT a.is_unhappy AND k.done_at IS NULL AND NOT EXISTS (
           SELECT FROM churnapp_auditevent e
           WHERE e.object_kind = 'task' AND e.object_id = k.id AND e.actor_id IS NOT NULL) AS is_needless
FROM told t
JOIN feedback_response r ON 'response:' || r.id = t.external_id
JOIN feedback_survey y ON y.id = r.survey_id
JOIN customers_task k ON k.id = r.task_id
CROSS JOIN LATERAL (SELECT concat_ws(': ', y.name || coalesce(' ' || t.score, ''),
                                     nullif(btrim(regexp_replace(t.summary, '\s+', ' ', 'g')), '')) AS whole) l
CROSS JOIN LATERAL (SELECT CASE WHEN length(whole) > 300 THEN left(whole, 299) || '…' ELSE whole END AS what) w
CROSS JOIN LATERAL (SELECT CASE WHEN t.score IS NOT NULL THEN t.sentiment = -1
    ELSE y.kind = 'exit' AND EXISTS (
        SELECT FROM feedback_answer a WHERE a.response_id = r.id AND a.text <> '') END AS is_unhappy) a;

WITH before AS (
    SELECT k.id, to_jsonb(k.*) AS was, w.what, w.is_needless
    FROM customers_task k JOIN reworded w USING (id)
    WHERE w.done_at IS NULL AND (w.is_needless OR w.was <> w.what)
), changed AS (
    UPDATE customers_task k
    SET what = CASE WHEN b.is_needless THEN k.what ELSE b.what END,
        done_at = CASE WHEN b.is_needless THEN %(moment)s END
    FROM before b WHERE k.id = b.id
    RETURNING k.id, md5(to_jsonb(k.*)::text)::uuid AS digest
)
INSERT INTO customers_rowbefore (file_import_id, "table", row_id, before, after_digest)
SELECT %(import_id)s, 'customers_task', id, was, digest FROM before JOIN changed USING (id);

INSERT INTO churnapp_auditevent (at, verb, object_kind, object_id, changes, request_id)
SELECT %(moment)s, 'task_settled', 'task', id, '{"because": ["", "changed"]}', '' FROM reworded WHERE is_needless;

WITH made AS (
    INSERT INTO customers_interaction (customer_id, kind, verb, facts, occurred_at, summary, status, complaint, source_id)
    SELECT customer_id, 'event', CASE WHEN is_needless THEN 'task_settled' ELSE 'task_overtaken' END,
           jsonb_build_object('what', CASE WHEN is_needless THEN was ELSE what END, 'task', id, 'because', 'changed'),
           %(moment)s, '', '', false, %(import_id)s
    FROM reworded
    WHERE is_needless OR done_at IS NOT NULL AND was <> what
    RETURNING id, md5(to_jsonb(customers_interaction.*)::text)::uuid AS digest
)
INSERT INTO customers_rowbefore (file_import_id, "table", row_id, after_digest)
SELECT %(import_id)s, 'customers_interaction', id, digest FROM made;
