-- Customers whose terms are more than one after another: overlapping ones, a gap that grace may
-- bridge, or a pause. They take the longer way of tangled_*.sql.
CREATE TEMP TABLE tangled AS
SELECT customer_id FROM chain WHERE is_tangled
UNION
SELECT customer_id FROM terms WHERE arr IS NULL;
