-- Paid terms in other currencies than the reporting one, with their rates. A subscription that
-- continues another counts as that one: what a plan or billing change cut up is one.
CREATE TEMP TABLE foreign_terms AS
SELECT customer_id, chain_id AS subscription_id, currency, arr_native, arr, rate_e10, starts_on, ends_on
FROM incoming
JOIN owners ON owners.subscription_id = chain_id;
