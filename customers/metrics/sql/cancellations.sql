-- Cancellations in force, with the period in which notice was given.
CREATE TEMP TABLE cancellations AS
SELECT customer_id, recorded_at, involuntary,
       (effective_on - DATE '1970-01-01')::INTEGER AS effective_day,
       CASE WHEN requested_at IS NOT NULL THEN period_of_moment(epoch_us(requested_at)) END
           AS requested_period
FROM incoming;
