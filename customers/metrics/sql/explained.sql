-- Lost customers with the cancellation that explains it: of the customer's own, the one whose
-- effective day lies nearest to the loss, at most 31 days away; of equally near ones the one
-- recorded last.
CREATE TEMP TABLE explained AS
SELECT lost.customer_id, period, lost.day,
       arg_min(involuntary, (abs(effective_day - lost.day), -epoch_us(recorded_at))) AS involuntary
FROM lost
LEFT JOIN cancellations
       ON cancellations.customer_id = lost.customer_id
      AND effective_day BETWEEN lost.day - 31 AND lost.day + 31
GROUP BY ALL;
