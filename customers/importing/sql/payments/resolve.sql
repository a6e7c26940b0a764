-- One row a payment of the file. Equal ones are told apart by their number in the file: equal in what
-- is kept, whatever id of the customer and how many decimals the file writes.
CREATE TEMP TABLE resolved AS
SELECT r.*, t.id
FROM (
    SELECT *, row_number() OVER (
               PARTITION BY customer_id, due_on, amount_minor, currency ORDER BY line) AS ordinal
    FROM (
        SELECT s.line,
               s.customer_id                                      AS customer_key,
               c.id                                               AS customer_id,
               s.due_on,
               s.amount,
               pg_temp.half_even(s.amount * 10.0 ^ e.exponent)    AS amount_minor,
               e.code                                             AS currency,
               s.status
        FROM staged s
        JOIN currencies e ON e.code = coalesce(s.currency, %(currency)s)
        LEFT JOIN customer_ids c ON c.external_id = s.customer_id
    ) read
) r
LEFT JOIN customers_payment t
       ON t.customer_id = r.customer_id AND t.due_on = r.due_on AND t.amount_minor = r.amount_minor
      AND t.currency = r.currency AND t.ordinal = r.ordinal;
ANALYZE resolved;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'amount', trim_scale(amount)::text, jsonb_build_object('code', 'negative') FROM resolved WHERE amount < 0;
