-- Which departure an answer is about: the one that the file names by its id (here or elsewhere) or by
-- its first unpaid day, else, of somebody who says why they leave, the nearest one of the %(window)s
-- days up to the answer. It counts from the day when notice was given, where that is known. An answer
-- that is tied to one already stays so, unless the file names another.
UPDATE resolved r
SET cancellation_id = coalesce(
    (SELECT c.id FROM customers_cancellation c WHERE c.customer_id = r.customer_id AND c.external_id = r.departure_key),
    (SELECT c.id FROM customers_cancellation c WHERE c.customer_id = r.customer_id AND c.id::text = r.departure_key))
WHERE r.departure_key IS NOT NULL;

CREATE TEMP TABLE fitting AS
SELECT r.line, c.id, c.external_id,
       CASE WHEN r.left_on IS NULL THEN dense_rank() OVER (PARTITION BY r.line ORDER BY c.notice_on DESC) ELSE 1 END AS place
FROM resolved r
CROSS JOIN (SELECT timezone FROM churnapp_organisation ORDER BY id LIMIT 1) o
CROSS JOIN LATERAL (SELECT (r.answered_at AT TIME ZONE o.timezone)::date) a(answered_on)
JOIN LATERAL (
    SELECT id, external_id, effective_on,
           coalesce((requested_at AT TIME ZONE o.timezone)::date, effective_on) AS notice_on
    FROM customers_cancellation
    WHERE customer_id = r.customer_id AND withdrawn_at IS NULL
) c ON CASE WHEN r.left_on IS NOT NULL THEN c.effective_on = r.left_on
            ELSE r.survey_kind = 'exit' AND r.known_departure IS NULL
                 AND c.notice_on BETWEEN a.answered_on - %(window)s::int AND a.answered_on END
WHERE r.departure_key IS NULL;
DELETE FROM fitting WHERE place > 1;

UPDATE resolved r
SET cancellation_id = f.id
FROM (SELECT line, min(id) AS id FROM fitting GROUP BY line HAVING count(*) = 1) f
WHERE f.line = r.line;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'cancellation_id', departure_key, jsonb_build_object('code', 'unknown_departure')
FROM resolved
WHERE departure_key IS NOT NULL AND customer_id IS NOT NULL AND cancellation_id IS NULL;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'effective_on', left_on::text, jsonb_build_object('code', 'no_departure_that_day')
FROM resolved r
WHERE left_on IS NOT NULL AND departure_key IS NULL AND customer_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM fitting f WHERE f.line = r.line);

INSERT INTO refused (line, column_name, value, reason)
SELECT f.line, 'cancellation_id', r.customer_key,
       jsonb_build_object('code', 'several_departures', 'count', count(*), 'ids', string_agg(
           CASE WHEN f.external_id IS NULL OR f.external_id LIKE '~%%' THEN f.id::text ELSE f.external_id END,
           ', ' ORDER BY f.id))
FROM fitting f JOIN resolved r USING (line)
GROUP BY f.line, r.customer_key
HAVING count(*) > 1;

UPDATE resolved SET cancellation_id = known_departure WHERE cancellation_id IS NULL;
ANALYZE resolved;
