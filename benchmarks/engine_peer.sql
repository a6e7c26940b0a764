-- The same figures as one statement of PostgreSQL, as someone who knows it would write them: month by
-- month from January 2020 to December 2024, from the terms believed now.
WITH terms AS (
    SELECT s.customer_id, t.id, t.subscription_id, t.kind, t.currency, t.arr_native_minor, t.fx_rate,
           t.arr_minor, t.starts_on, t.ends_on
    FROM customers_term AS t
    JOIN customers_subscription AS s ON s.id = t.subscription_id
    WHERE t.recorded_at <= now() AND (t.superseded_at IS NULL OR t.superseded_at > now())
      AND t.kind IN ('paid', 'paused')
),
netted AS (
    SELECT customer_id, day, sum(change)::bigint AS change
    FROM (SELECT customer_id, starts_on AS day, arr_minor AS change FROM terms WHERE kind = 'paid'
          UNION ALL
          SELECT customer_id, ends_on, -arr_minor FROM terms
          WHERE kind = 'paid' AND ends_on IS NOT NULL) AS boundaries
    GROUP BY customer_id, day
),
revalued AS (
    SELECT later.customer_id, later.starts_on AS day,
           sum(CASE WHEN exact - floor(exact) = 0.5 THEN 2 * round(exact / 2) ELSE round(exact) END
               - earlier.arr_minor)::bigint AS fx
    FROM terms AS earlier
    JOIN terms AS later ON later.subscription_id = earlier.subscription_id
                       AND later.starts_on = earlier.ends_on AND later.currency = earlier.currency
    CROSS JOIN LATERAL (SELECT earlier.arr_native_minor * later.fx_rate AS exact) AS rate
    WHERE later.currency <> 'EUR' AND later.fx_rate <> earlier.fx_rate
      AND later.kind = 'paid' AND earlier.kind = 'paid'
    GROUP BY later.customer_id, later.starts_on
),
walked AS (
    SELECT netted.*, sum(change) OVER by_day::bigint AS after, lead(day) OVER by_day AS day_after,
           row_number() OVER by_day AS place
    FROM netted
    WINDOW by_day AS (PARTITION BY customer_id ORDER BY day)
),
stepped AS (
    SELECT walked.customer_id, walked.day, after - change AS before, after, day_after, place,
           CASE WHEN after - change > 0 AND after > 0 THEN coalesce(fx, 0) ELSE 0 END AS fx
    FROM walked
    LEFT JOIN revalued ON revalued.customer_id = walked.customer_id AND revalued.day = walked.day
    WHERE walked.day <= current_date
),
pauses AS (
    SELECT stepped.customer_id, stepped.day, stepped.day_after, before,
           least(max(paused.ends_on), stepped.day + 90) AS until
    FROM stepped
    JOIN terms AS paused ON paused.customer_id = stepped.customer_id AND paused.kind = 'paused'
                        AND paused.starts_on <= stepped.day AND paused.ends_on > stepped.day
    WHERE before > 0 AND after = 0
    GROUP BY stepped.customer_id, stepped.day, stepped.day_after, before
),
moves AS (
    SELECT stepped.customer_id, stepped.day, stepped.before, after, fx, after - stepped.before - fx AS moved,
           CASE WHEN stepped.before = 0 AND place = 1 THEN 'new'
                WHEN stepped.before = 0 AND ended.until >= stepped.day THEN 'resume'
                WHEN stepped.before = 0 THEN 'reactivation'
                WHEN after = 0 AND begun.until IS NOT NULL THEN 'pause'
                WHEN after = 0 THEN 'churn'
                WHEN after - stepped.before > fx THEN 'expansion'
                WHEN after - stepped.before < fx THEN 'contraction'
                ELSE 'fx' END AS kind
    FROM stepped
    LEFT JOIN pauses AS begun ON begun.customer_id = stepped.customer_id AND begun.day = stepped.day
    LEFT JOIN pauses AS ended ON ended.customer_id = stepped.customer_id
                             AND ended.day_after = stepped.day
    WHERE stepped.before <> after OR fx <> 0
    UNION ALL
    SELECT customer_id, until, 0, 0, 0, before, 'lapse'
    FROM pauses
    WHERE until <= current_date AND (day_after IS NULL OR until < day_after)
),
outcomes AS (
    SELECT customer_id, date_trunc('month', day)::date AS month,
           (array_agg(before ORDER BY day))[1] AS start_arr,
           (array_agg(after ORDER BY day DESC))[1] AS end_arr,
           (array_agg(kind ORDER BY day))[1] AS first_kind,
           (array_agg(kind ORDER BY day DESC))[1] AS last_kind,
           sum(fx) AS fx,
           count(*) FILTER (WHERE kind = 'new') AS new,
           count(*) FILTER (WHERE kind = 'reactivation') AS reactivated,
           count(*) FILTER (WHERE kind IN ('churn', 'lapse')) AS churned,
           count(*) FILTER (WHERE kind = 'pause') - count(*) FILTER (WHERE kind IN ('resume', 'lapse'))
               AS paused,
           coalesce(sum(moved) FILTER (WHERE kind = 'new'), 0) AS arr_new,
           coalesce(sum(moved) FILTER (WHERE kind = 'expansion'), 0) AS arr_expansion,
           coalesce(sum(moved) FILTER (WHERE kind = 'contraction'), 0) AS arr_contraction,
           coalesce(sum(moved) FILTER (WHERE kind = 'churn'), 0)
               - coalesce(sum(moved) FILTER (WHERE kind = 'lapse'), 0) AS arr_churn,
           coalesce(sum(moved) FILTER (WHERE kind = 'reactivation'), 0) AS arr_reactivation,
           coalesce(sum(moved) FILTER (WHERE kind IN ('pause', 'lapse')), 0) AS arr_pause,
           coalesce(sum(moved) FILTER (WHERE kind = 'resume'), 0) AS arr_resume
    FROM moves
    GROUP BY customer_id, month
),
monthly AS (
    SELECT month, sum(new) AS new, sum(reactivated) AS reactivated, sum(churned) AS churned,
           sum(paused) AS paused,
           count(*) FILTER (WHERE first_kind NOT IN ('new', 'reactivation')
                              AND last_kind IN ('churn', 'lapse')) AS lost,
           sum(arr_new) AS arr_new, sum(arr_expansion) AS arr_expansion,
           sum(arr_contraction) AS arr_contraction, sum(arr_churn) AS arr_churn,
           sum(arr_reactivation) AS arr_reactivation, sum(fx) AS arr_fx,
           sum(arr_pause) AS arr_pause, sum(arr_resume) AS arr_resume,
           sum(start_arr - least(start_arr, kept)) FILTER (WHERE start_arr > 0) AS shrunk,
           sum(kept - start_arr) FILTER (WHERE start_arr > 0) AS kept_change
    FROM outcomes
    CROSS JOIN LATERAL (
        SELECT CASE WHEN end_arr = 0 THEN 0 ELSE greatest(end_arr - fx, 0) END AS kept) AS constant
    GROUP BY month
)
SELECT month, new, reactivated, churned, lost,
       (sum(new + reactivated - churned) OVER through)::bigint AS customers_end,
       (sum(paused) OVER through)::bigint                      AS paused_end,
       arr_new, arr_expansion, arr_contraction, arr_churn, arr_reactivation, arr_fx, arr_pause,
       arr_resume,
       (sum(arr_new + arr_expansion + arr_contraction + arr_churn + arr_reactivation + arr_fx
            + arr_pause + arr_resume) OVER through)::bigint    AS arr_end,
       coalesce(shrunk, 0) AS shrunk, coalesce(kept_change, 0) AS kept_change
FROM monthly
WINDOW through AS (ORDER BY month)
ORDER BY month
