-- Which known answers say something else now, and what is worth knowing of the good rows.
UPDATE resolved r
SET also_changed = true
WHERE r.id IS NOT NULL AND (
    %(has_score)s AND r.score_question IS NOT NULL AND r.score IS DISTINCT FROM (
        SELECT a.number FROM feedback_answer a
        WHERE a.response_id = r.id AND a.question = r.score_question)
    OR %(has_comment)s AND r.comment <> coalesce((
        SELECT a.text FROM feedback_answer a
        WHERE a.response_id = r.id AND a.question = r.comment_question), '')
    OR %(has_reason)s AND r.reason_question IS NOT NULL
       AND coalesce((SELECT k.key FROM customers_cancellationreason k WHERE k.id = r.reason_id), r.reason_key)
           IS DISTINCT FROM (
        SELECT a.choices[1] FROM feedback_answer a
        WHERE a.response_id = r.id AND a.question = r.reason_question));

INSERT INTO noted (line, code, value)
SELECT min(line), 'survey_created', survey_name
FROM resolved
WHERE survey_id IS NULL
GROUP BY survey_name;

INSERT INTO noted (line, code, value)
SELECT line, 'contact_unknown', contact_email
FROM resolved
WHERE contact_email IS NOT NULL AND contact_id IS NULL;

INSERT INTO noted (line, code, value)
SELECT min(line), 'reason_created', min(reason_text)
FROM resolved
WHERE reason_text IS NOT NULL AND reason_id IS NULL
GROUP BY reason_key;

INSERT INTO noted (line, code, value)
SELECT line, CASE WHEN cancellation_id IS NULL THEN 'departure_unknown' ELSE 'departure_found' END, customer_key
FROM resolved
WHERE survey_kind = 'exit' AND known_departure IS NULL;
