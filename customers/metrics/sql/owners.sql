-- Whose each subscription is.
CREATE TEMP TABLE owners AS
SELECT subscription_id, customer_id FROM incoming;
