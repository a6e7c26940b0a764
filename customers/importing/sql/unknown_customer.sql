-- Only subscriptions bring customers along; other files speak of customers that are there.
-- resolved(line, customer_key, customer_id)
INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'customer_id', customer_key, jsonb_build_object('code', 'unknown_customer')
FROM resolved
WHERE customer_id IS NULL AND customer_key IS NOT NULL;
