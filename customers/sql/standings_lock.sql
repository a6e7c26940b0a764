-- Holds the standings of some customers, in one order for everybody.
SELECT count(*) FROM (
    SELECT FROM customers_standing
    WHERE customer_id = ANY(%(ids)s)
    ORDER BY customer_id
    FOR NO KEY UPDATE
) held
