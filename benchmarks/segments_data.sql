-- What a segment asks of the customers of pages_data.sql: who left and why, who answered what.
-- Every property is drawn by a hash of its own, so that none foretells another.
INSERT INTO customers_cancellation (customer_id, effective_on, recorded_at, involuntary, reason_id,
    comment, competitor, missing_feature, ended_terms)
SELECT s.customer_id, s.lost_on, s.lost_on, draw(s.customer_id, 31, 5) = 0,
       reasons.ids[1 + draw(s.customer_id, 32, cardinality(reasons.ids))], '',
       CASE WHEN draw(s.customer_id, 33, 6) = 0 THEN 'Planvind' ELSE '' END,
       CASE WHEN draw(s.customer_id, 34, 6) = 0 THEN 'Offline mode' ELSE '' END, true
FROM customers_standing AS s,
     (SELECT array_agg(id ORDER BY id) AS ids FROM customers_cancellationreason) AS reasons
WHERE s.lost_on IS NOT NULL;

-- An older cancellation of every tenth of them, which no filter may take for the last.
INSERT INTO customers_cancellation (customer_id, effective_on, recorded_at, involuntary, reason_id,
    comment, competitor, missing_feature, ended_terms)
SELECT c.customer_id, c.effective_on - 400, c.recorded_at - interval '400 days', false,
       reasons.ids[1], '', '', '', true
FROM customers_cancellation AS c,
     (SELECT array_agg(id ORDER BY id) AS ids FROM customers_cancellationreason) AS reasons
WHERE draw(c.customer_id, 35, 10) = 0;

-- One recommendation of three in ten customers, two of every thirtieth.
INSERT INTO feedback_response (survey_id, version_id, customer_id, channel, language, begun_at,
    answered_at, changed_at, evidence, quarantined_because)
SELECT survey.id, version.id, c.id, 'mail', 'en', at, at, at, '{{}}', ''
FROM customers_customer AS c
CROSS JOIN (SELECT id FROM feedback_survey LIMIT 1) AS survey
CROSS JOIN (SELECT id FROM feedback_surveyversion LIMIT 1) AS version
CROSS JOIN generate_series(1, 2) AS time(n),
LATERAL (SELECT now() - draw(c.id, 40 + time.n, 700) * interval '1 day' AS at) AS one
WHERE draw(c.id, 36, 10) < 3 AND (time.n = 1 OR draw(c.id, 37, 10) = 0);

INSERT INTO feedback_answer (response_id, question, kind, number, choices, text)
SELECT id, 'score', 'nps', draw(id, 38, 11), '{{}}', '' FROM feedback_response;

ANALYZE customers_cancellation;

ANALYZE feedback_response;

ANALYZE feedback_answer
