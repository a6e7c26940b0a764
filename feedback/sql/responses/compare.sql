-- Which known answers say something else now, and what is worth knowing of the good rows.
UPDATE resolved r
SET also_changed = true
WHERE r.id IS NOT NULL AND (
    %(has_score)s AND r.score_question IS NOT NULL AND r.score IS DISTINCT FROM (
        SELECT a.number FROM feedback_answer a
        WHERE a.response_id = r.id AND a.question = r.score_question)
    OR %(has_comment)s AND r.comment <> coalesce((
        SELECT a.text FROM feedback_answer a
        WHERE a.response_id = r.id AND a.question = r.comment_question), ''));

INSERT INTO noted (line, code, value)
SELECT min(line), 'survey_created', survey_name
FROM resolved
WHERE survey_id IS NULL
GROUP BY survey_name;

INSERT INTO noted (line, code, value)
SELECT line, 'contact_unknown', contact_email
FROM resolved
WHERE contact_email IS NOT NULL AND contact_id IS NULL;
