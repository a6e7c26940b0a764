-- Customers whose last answer to a survey, within `days` days, was bad: a recommendation of at most
-- `nps_at_most` of 10, a satisfaction of at most `csat_at_most` of 5, an ease of at most
-- `ces_at_most` of 7; the answer's facts say which kind it is, without it is a recommendation.
-- An answer without a score is judged by its sentiment. Level 1 for the lowest third. The answer of
-- the same kind before it is named beside it.
WITH answers AS (
    SELECT customer_id, id, score, sentiment, coalesce(facts ->> 'kind', 'nps') AS kind,
           occurred_at, (occurred_at AT TIME ZONE %(zone)s)::date AS answered_on
    FROM customers_interaction
    WHERE kind = 'answer' AND (score IS NOT NULL OR sentiment IS NOT NULL)
      AND occurred_at < %(cutoff)s
),
last_answer AS (
    SELECT DISTINCT ON (customer_id) *
    FROM (
        SELECT *, lag(score) OVER (
            PARTITION BY customer_id, kind ORDER BY occurred_at, id
        ) AS score_before
        FROM answers
    ) in_order
    ORDER BY customer_id, occurred_at DESC, id DESC
),
judged AS (
    SELECT *, CASE kind WHEN 'csat' THEN %(csat_at_most)s WHEN 'ces' THEN %(ces_at_most)s
                   ELSE %(nps_at_most)s END AS limit_score
    FROM last_answer
    WHERE answered_on >= %(as_of)s::date - %(days)s
)
SELECT customer_id,
       '' AS subject,
       jsonb_build_object(
           'score', score, 'kind', kind, 'answered_on', answered_on, 'before', score_before
       ) AS facts,
       CASE WHEN score * 3 <= limit_score THEN 1 ELSE 0 END AS level
FROM judged
JOIN risk_customers USING (customer_id)
WHERE CASE WHEN score IS NULL THEN sentiment < 0 ELSE score <= limit_score END
