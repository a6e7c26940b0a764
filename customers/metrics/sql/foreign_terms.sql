-- Paid terms in other currencies than the reporting one, with their rates.
CREATE TEMP TABLE foreign_terms AS
SELECT customer_id, subscription_id, currency, arr_native, arr, rate_e10, starts_on, ends_on
FROM incoming
JOIN owners USING (subscription_id);
