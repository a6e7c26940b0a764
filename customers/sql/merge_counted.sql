-- What is counted of customer %(merged)s goes to %(kept)s: uses of one feature on one day are added
-- up, equal payments keep their number by counting on.
WITH taken AS (
    DELETE FROM customers_usage WHERE customer_id = %(merged)s
    RETURNING feature_id, day, count, source_id
), added AS (
    INSERT INTO customers_usage AS there (customer_id, feature_id, day, count, source_id)
    SELECT %(kept)s, feature_id, day, count, source_id FROM taken
    ON CONFLICT (customer_id, feature_id, day) DO UPDATE SET count = there.count + excluded.count
)
UPDATE customers_payment paid
SET customer_id = %(kept)s,
    ordinal = paid.ordinal + coalesce((
        SELECT max(there.ordinal) FROM customers_payment there
        WHERE there.customer_id = %(kept)s AND there.due_on = paid.due_on
          AND there.amount_minor = paid.amount_minor AND there.currency = paid.currency), 0)
WHERE paid.customer_id = %(merged)s
