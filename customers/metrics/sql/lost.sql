-- Customers of each period's start who are gone at its end, with the day they were lost.
CREATE TEMP TABLE lost AS
SELECT customer_id, period, day
FROM changes
WHERE is_alone AND period >= 0 AND kind = 'churn'
UNION ALL
SELECT customer_id, period, max(day)
FROM changes
WHERE NOT is_alone AND period >= 0
GROUP BY customer_id, period
HAVING arg_min(kind, day) NOT IN ('new', 'reactivation')
   AND arg_max(kind, day) IN ('churn', 'lapse');
