-- Customers won and lost by calendar month, whatever the periods asked about: what the lifetime of
-- customers is estimated from. Month -1 holds all that came before.
WITH placed AS (
    SELECT customer_id, changes.day, kind, moved, month
    FROM changes
    JOIN month_days ON month_days.day = greatest(changes.day, $months_from - 1)
),
each AS (
    SELECT month,
           count(*) FILTER (kind IN ('new', 'reactivation')) AS joined,
           count(*) FILTER (kind IN ('churn', 'lapse'))      AS churned,
           count(*) FILTER (kind = 'new')                    AS new,
           sum(CASE kind WHEN 'churn' THEN moved WHEN 'lapse' THEN -moved ELSE 0 END) AS arr_churn,
           arg_min(kind, day) NOT IN ('new', 'reactivation')
               AND arg_max(kind, day) IN ('churn', 'lapse')  AS is_lost
    FROM placed
    GROUP BY month, customer_id
)
SELECT month,
       sum(joined)::BIGINT               AS joined,
       sum(churned)::BIGINT              AS churned,
       sum(new)::BIGINT                  AS new,
       sum(arr_churn)::BIGINT            AS arr_churn,
       count(*) FILTER (is_lost)         AS lost
FROM each
GROUP BY month
ORDER BY month;
