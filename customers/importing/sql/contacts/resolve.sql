-- One row a contact of the file; an address, however written, names a person at one customer.
CREATE TEMP TABLE resolved AS
SELECT s.line,
       t.id,
       s.customer_id                AS customer_key,
       c.id                         AS customer_id,
       s.email,
       coalesce(s.name, '')         AS name,
       coalesce(s.role, 'other')    AS role,
       coalesce(s.language, '')     AS language,
       s.left_on
FROM staged s
LEFT JOIN customer_ids c ON c.external_id = s.customer_id
LEFT JOIN customers_contact t ON t.customer_id = c.id AND lower(t.email) = lower(s.email);
ANALYZE resolved;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'email', email, jsonb_build_object('code', 'twice', 'line', first_line)
FROM (SELECT line, email, min(line) OVER (PARTITION BY coalesce(customer_id::text, customer_key), lower(email)) AS first_line FROM resolved) r
WHERE line <> first_line;
