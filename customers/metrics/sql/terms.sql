-- Terms with revenue, and pauses, of the customers asked about: one row a term.
-- incoming(subscription_id, arr, is_foreign, starts, ends, recorded_at, grace_days) streams from
-- PostgreSQL, days as integers since 1970, `arr` null for a pause, `grace_days` null for the
-- organisation's. An open end becomes $never. Each boundary gets the number of its period.
-- recorded_us: since when the term's end has been believed without a break, whatever else of the
-- term was corrected since.
CREATE TEMP TABLE terms AS
WITH dated AS (
    SELECT customer_id, subscription_id, arr, starts, coalesce(ends, $never) AS ends, is_foreign,
           coalesce(since_us, epoch_us(recorded_at)) AS recorded_us,
           coalesce(grace_days, $grace)::INTEGER  AS grace_days
    FROM incoming
    JOIN owners USING (subscription_id)
    LEFT JOIN recordings USING (subscription_id, ends, recorded_at)
    WHERE arr IS NULL OR arr > 0
)
SELECT *, period_of(starts) AS start_period, period_of(ends) AS end_period
FROM dated;
