-- Terms with revenue, and pauses, of the customers asked about: one row a term.
-- incoming(subscription_id, arr, is_foreign, starts_on, ends_on, recorded_at, grace_days) streams
-- from PostgreSQL, `arr` null for a pause, `grace_days` null for the organisation's.
-- Days become integers since 1970, an open end becomes $never. Each boundary gets the number of
-- its period: -1 before the first, $periods after the last or after the day of known_at.
CREATE TEMP TABLE terms AS
WITH dated AS (
    SELECT customer_id,
           arr,
           (starts_on - DATE '1970-01-01')::INTEGER                        AS starts,
           coalesce((ends_on - DATE '1970-01-01')::INTEGER, $never)        AS ends,
           is_foreign,
           recorded_at,
           coalesce(grace_days, $grace)::INTEGER                           AS grace_days
    FROM incoming
    JOIN owners USING (subscription_id)
    WHERE arr IS NULL OR arr > 0
)
SELECT customer_id, arr, starts, ends, is_foreign, recorded_at, grace_days,
       first.period AS start_period,
       last.period  AS end_period
FROM dated
JOIN days AS first ON first.day = least(greatest(starts, $earliest), $latest)
JOIN days AS last ON last.day = least(greatest(ends, $earliest), $latest);
