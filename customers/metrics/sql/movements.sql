-- The movements of the periods asked about, one row each: what stands behind a sum.
-- A lapse is two of them, and a change with a new rate may be two.
WITH rows AS (
    SELECT customer_id, day, kind::VARCHAR AS kind, moved AS arr
    FROM changes
    WHERE period >= 0 AND kind NOT IN ('lapse', 'fx')
    UNION ALL
    SELECT customer_id, day, 'fx', fx FROM changes WHERE period >= 0 AND fx <> 0
    UNION ALL
    SELECT customer_id, day, 'pause', moved FROM changes WHERE period >= 0 AND kind = 'lapse'
    UNION ALL
    SELECT customer_id, day, 'churn', -moved FROM changes WHERE period >= 0 AND kind = 'lapse'
)
SELECT DATE '1970-01-01' + day AS happened_on, customer_id, kind, arr
FROM rows
WHERE $kind IS NULL OR kind = $kind
ORDER BY happened_on, customer_id, kind;
