-- Send every customer the longer way: the two ways must give the same figures.
CREATE TEMP TABLE tangled AS
SELECT DISTINCT customer_id FROM terms;
