-- Parents that came with the same file are there now.
UPDATE customers_customer c
SET parent_id = p.id
FROM decided d
JOIN customers_customer p ON p.external_id = d.parent_key
WHERE c.external_id = d.external_id AND d.parent_id IS NULL AND c.parent_id IS DISTINCT FROM p.id;
