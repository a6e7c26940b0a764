-- Surveys that the file is the first to name, each with its one version; its title is its name.
WITH made AS (
    INSERT INTO feedback_survey (name, kind, created_at)
    SELECT DISTINCT survey_name, survey_kind, %(moment)s::timestamptz FROM decided WHERE survey_id IS NULL
    RETURNING id, name, kind, md5(to_jsonb(feedback_survey.*)::text)::uuid AS digest
), kept AS (
    INSERT INTO customers_rowbefore (file_import_id, "table", row_id, after_digest)
    SELECT %(import_id)s, 'feedback_survey', id, digest FROM made
)
INSERT INTO feedback_surveyversion (survey_id, number, content, earlier, later, changed_at, published_at)
SELECT made.id, 1, content || jsonb_build_object('texts', (
           SELECT jsonb_object_agg(language, jsonb_build_object('title', made.name) || texts)
           FROM jsonb_each(content -> 'texts') AS e(language, texts))),
       '[]', '[]', %(moment)s, %(moment)s
FROM made, LATERAL (SELECT %(contents)s::jsonb -> made.kind) c(content);

UPDATE decided d
SET survey_id = s.id, version_id = v.id
FROM feedback_survey s
JOIN feedback_surveyversion v ON v.survey_id = s.id
WHERE d.survey_id IS NULL AND s.name = d.survey_name;
