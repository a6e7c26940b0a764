-- Days on which a customer used anything, of those that any period's end looks back on.
CREATE TEMP TABLE used AS
SELECT DISTINCT customer_id, (day - DATE '1970-01-01')::INTEGER AS day FROM incoming;
