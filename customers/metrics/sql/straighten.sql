-- Leave in the chain only those whose terms simply follow one another.
DELETE FROM chain WHERE customer_id IN (SELECT customer_id FROM tangled);
