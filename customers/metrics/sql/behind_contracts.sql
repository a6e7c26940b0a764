-- Customers with contracts of a fate in the period: not_renewed, undecided, or terminated_early.
SELECT owners.customer_id, sum(last_arr)::BIGINT AS arr,
       max(CASE WHEN $behind = 'terminated_early' THEN ended_day ELSE contract_day END) AS day
FROM contracts
JOIN owners USING (subscription_id)
WHERE period_of(CASE WHEN $behind = 'terminated_early' THEN ended_day ELSE contract_day END) = 0
  AND CASE WHEN $behind = 'terminated_early' THEN ended_day < contract_day ELSE fate = $behind END
GROUP BY owners.customer_id
ORDER BY arr DESC, customer_id;
