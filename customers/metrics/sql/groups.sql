-- The company at the top of each customer's group; customers without parent or subsidiary are not
-- in it. incoming(customer_id, parent_id). Parents in a circle make no group.
CREATE TEMP TABLE groups AS
WITH RECURSIVE edges AS MATERIALIZED (
    SELECT customer_id, parent_id FROM incoming
),
under AS (
    SELECT DISTINCT parent_id AS customer_id, parent_id AS top
    FROM edges
    WHERE parent_id NOT IN (SELECT customer_id FROM edges)
    UNION ALL
    SELECT edges.customer_id, under.top
    FROM under
    JOIN edges ON edges.parent_id = under.customer_id
)
SELECT customer_id, top FROM under;
