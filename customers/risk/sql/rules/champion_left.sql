-- Customers whose champion left within `days` days and who have no other. Names stay out of the
-- facts: the contact is named by its id.
WITH champions AS (
    SELECT customer_id, max(left_on) AS left_on,
           bool_or(left_on IS NULL OR left_on > %(as_of)s::date) AS remains,
           (array_agg(id ORDER BY left_on DESC NULLS LAST, id DESC))[1] AS contact_id
    FROM customers_contact
    WHERE role = 'champion'
    GROUP BY 1
)
SELECT customer_id,
       '' AS subject,
       jsonb_build_object('left_on', left_on, 'contact_id', contact_id) AS facts,
       0 AS level
FROM champions
JOIN risk_customers USING (customer_id)
WHERE NOT remains AND left_on >= %(as_of)s::date - %(days)s
