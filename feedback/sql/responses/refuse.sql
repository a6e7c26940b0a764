-- Answers that can't be: said twice, off the scale of their kind, of a survey of another kind, in a
-- draft, in the future, or with a reason that nobody was asked for.
INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'external_id', external_id, jsonb_build_object('code', 'twice', 'line', first_line)
FROM (SELECT line, external_id, min(line) OVER (PARTITION BY external_id) AS first_line FROM resolved) r
WHERE line <> first_line;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'score', score::text,
       CASE WHEN score_kind IS NULL THEN jsonb_build_object('code', 'score_of_no_scale')
            ELSE jsonb_build_object('code', 'score_off_scale', 'lowest', lowest, 'highest', highest) END
FROM resolved
WHERE score IS NOT NULL AND (score_kind IS NULL OR score NOT BETWEEN lowest AND highest);

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'kind', survey_kind,
       jsonb_build_object('code', 'survey_of_other_kind', 'survey', survey_name, 'kind', known_kind)
FROM resolved
WHERE known_kind <> survey_kind;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'kind', survey_kind,
       jsonb_build_object('code', 'survey_of_two_kinds', 'line', first_line, 'kind', first_kind)
FROM (
    SELECT line, survey_kind, known_kind,
           first_value(line) OVER named AS first_line,
           first_value(survey_kind) OVER named AS first_kind
    FROM resolved
    WINDOW named AS (PARTITION BY survey_name ORDER BY line)
) r
WHERE known_kind IS NULL AND survey_kind <> first_kind;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'survey', survey_name, jsonb_build_object('code', 'survey_unpublished')
FROM resolved
WHERE survey_id IS NOT NULL AND version_id IS NULL;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'answered_at', answered_at::text, jsonb_build_object('code', 'in_the_future')
FROM resolved
WHERE answered_at > %(moment)s;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'reason', reason_text, jsonb_build_object('code', 'reason_not_asked', 'survey', survey_name)
FROM resolved
WHERE reason_text IS NOT NULL AND reason_question IS NULL;
