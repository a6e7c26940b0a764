-- Cancellations in force, with the day that notice was given (else recorded).
CREATE TEMP TABLE cancellations AS
SELECT customer_id,
       (effective_on - DATE '1970-01-01')::INTEGER AS effective_day,
       (timezone($zone, requested_at)::DATE - DATE '1970-01-01')::INTEGER AS requested_day,
       recorded_at,
       involuntary
FROM incoming;
