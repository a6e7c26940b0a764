-- What each paying customer used in the window, feature by feature: one pass over usage by day.
CREATE TEMPORARY TABLE recommending_use ON COMMIT DROP AS
SELECT usage.customer_id, usage.feature_id, count(*) AS days, sum(usage.count) AS uses
  FROM customers_usage AS usage
  JOIN customers_standing AS standing
       ON standing.customer_id = usage.customer_id AND standing.state = 'active'
 WHERE usage.day > %(as_of)s::date - %(window)s AND usage.day <= %(as_of)s AND usage.count > 0
   AND standing.plan_id IS NOT NULL
 GROUP BY usage.customer_id, usage.feature_id;
-- Each of them with plan and band, and whether they stayed. Of who uses nothing nothing is said.
CREATE TEMPORARY TABLE recommending_customer ON COMMIT DROP AS
SELECT used.customer_id, standing.plan_id, standing.arr_minor,
       floor(ln(sum(used.uses)) / ln(%(factor)s))::int AS band,
       coalesce(standing.first_paid_on <= %(as_of)s::date - %(stayed)s, false) AS is_peer
  FROM recommending_use AS used
  JOIN customers_standing AS standing ON standing.customer_id = used.customer_id
 GROUP BY used.customer_id, standing.plan_id, standing.arr_minor, standing.first_paid_on;
ANALYZE recommending_use;
ANALYZE recommending_customer
