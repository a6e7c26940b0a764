-- One row a line of the file: whose use of what on which day, found by customer or subscription.
CREATE TEMP TABLE resolved AS
SELECT s.line,
       s.customer_id                        AS customer_key,
       s.subscription_id                    AS subscription_key,
       coalesce(c.id, b.customer_id)        AS customer_id,
       c.id                                 AS named_customer,
       b.customer_id                        AS holder,
       s.feature                            AS feature_key,
       s.day,
       coalesce(s.count, 1)                 AS count
FROM staged s
LEFT JOIN customer_ids c ON c.external_id = s.customer_id
LEFT JOIN customers_subscription b ON b.external_id = s.subscription_id;
ANALYZE resolved;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'customer_id', '', jsonb_build_object('code', 'missing')
FROM resolved
WHERE customer_key IS NULL AND subscription_key IS NULL;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'customer_id', customer_key, jsonb_build_object('code', 'unknown_customer')
FROM resolved
WHERE customer_key IS NOT NULL AND named_customer IS NULL;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'subscription_id', subscription_key, jsonb_build_object('code', 'unknown_subscription')
FROM resolved
WHERE subscription_key IS NOT NULL AND holder IS NULL;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'subscription_id', subscription_key, jsonb_build_object('code', 'other_customer')
FROM resolved
WHERE named_customer <> holder;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'count', count::text, jsonb_build_object('code', 'negative') FROM resolved WHERE count < 0;
