-- Paying customers at each period's end who used something within the last $silent_days days.
SELECT period, count(DISTINCT runs.customer_id) AS customers
FROM periods
JOIN used ON used.day > end_day - $silent_days AND used.day <= end_day
JOIN runs ON runs.customer_id = used.customer_id AND period BETWEEN first AND last
GROUP BY period;
