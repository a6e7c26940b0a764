-- How many lost customers asked for it, and how many did not, of those with a cancellation.
SELECT period,
       count(*) FILTER (NOT involuntary) AS voluntary,
       count(*) FILTER (involuntary)     AS involuntary
FROM explained
GROUP BY period;
