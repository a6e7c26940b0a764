-- One row an answer of the file. Without an id of its own its content and number name it. An answer
-- that is here already keeps the version that was answered; others answer the newest published one.
CREATE TEMP TABLE resolved AS
SELECT r.*,
       t.id,
       v.id AS version_id,
       v.score_question,
       v.comment_question,
       v.reason_question,
       t.cancellation_id AS known_departure,
       NULL::bigint      AS cancellation_id,
       NULL::bigint      AS reason_version_id,
       false             AS also_changed
FROM (
    SELECT s.line,
           s.customer_id                    AS customer_key,
           c.id                             AS customer_id,
           s.survey                         AS survey_name,
           s.kind                           AS survey_kind,
           y.id                             AS survey_id,
           y.kind                           AS known_kind,
           s.contact_email,
           p.id                             AS contact_id,
           'file'                           AS channel,
           coalesce(s.language, nullif(c.language, ''), 'en') AS language,
           coalesce(s.external_id, '~' || content || '-' ||
               row_number() OVER (PARTITION BY content, s.external_id ORDER BY s.line)) AS external_id,
           s.answered_at                    AS begun_at,
           s.answered_at,
           %(moment)s::timestamptz          AS changed_at,
           %(moment)s::timestamptz          AS counted_at,
           '{}'::jsonb                      AS evidence,
           ''                               AS quarantined_because,
           s.cancellation_id                AS departure_key,
           s.effective_on                   AS left_on,
           s.reason                         AS reason_text,
           f.slug                           AS reason_key,
           coalesce(w.reason_id, n.reason_id) AS reason_id,
           s.score,
           coalesce(s.comment, '')          AS comment,
           f.scale ->> 'kind'               AS score_kind,
           (f.scale ->> 'lowest')::int      AS lowest,
           (f.scale ->> 'highest')::int     AS highest
    FROM staged s
    CROSS JOIN LATERAL (
        SELECT md5(jsonb_build_array(s.customer_id, s.survey, s.kind, extract(epoch FROM s.answered_at),
                                     s.score, s.comment)::text),
               %(scales)s::jsonb -> s.kind,
               left(trim(BOTH '-' FROM regexp_replace(translate(lower(s.reason), 'æøåäöüéèß', 'aoaaouees'),
                                                      '[^a-z0-9]+', '-', 'g')), 90)
    ) f(content, scale, slug)
    LEFT JOIN wordings n ON n.wording = f.slug AND f.slug <> ''
    LEFT JOIN wordings w ON w.wording = lower(s.reason)
    LEFT JOIN LATERAL (
        SELECT i.id, w.language FROM customer_ids i JOIN customers_customer w USING (id)
        WHERE i.external_id = s.customer_id LIMIT 1
    ) c ON true
    LEFT JOIN LATERAL (
        SELECT id FROM customers_contact p
        WHERE p.customer_id = c.id AND lower(p.email) = lower(s.contact_email)
        ORDER BY p.left_on DESC NULLS FIRST, p.id LIMIT 1
    ) p ON true
    LEFT JOIN feedback_survey y ON y.name = s.survey
) r
LEFT JOIN feedback_response t ON t.external_id = r.external_id
LEFT JOIN LATERAL (
    SELECT v.id,
           (SELECT q ->> 'key' FROM jsonb_array_elements(v.content -> 'questions') WITH ORDINALITY e(q, place)
            WHERE q ->> 'kind' = r.score_kind ORDER BY place LIMIT 1) AS score_question,
           (SELECT q ->> 'key' FROM jsonb_array_elements(v.content -> 'questions') WITH ORDINALITY e(q, place)
            WHERE q ->> 'kind' = 'long' ORDER BY place LIMIT 1) AS comment_question,
           (SELECT q ->> 'key' FROM jsonb_array_elements(v.content -> 'questions') WITH ORDINALITY e(q, place)
            WHERE q ->> 'source' = 'reasons' ORDER BY place LIMIT 1) AS reason_question
    FROM feedback_surveyversion v
    WHERE v.survey_id = r.survey_id AND v.published_at IS NOT NULL
    ORDER BY v.id = t.version_id DESC NULLS LAST, v.number DESC LIMIT 1
) v ON true;
-- A survey to be made, or one that asks otherwise, has the questions of a survey of a file.
UPDATE resolved
SET score_question = CASE WHEN score_kind IS NOT NULL THEN coalesce(score_question, 'score') END,
    comment_question = coalesce(comment_question, 'comment'),
    reason_question = CASE WHEN survey_id IS NULL AND survey_kind = 'exit' THEN 'reason' ELSE reason_question END,
    reason_key = CASE WHEN reason_key = '' THEN 'reason-' || left(md5(lower(reason_text)), 12) ELSE reason_key END;
ANALYZE resolved;
