-- What became of each offer that the path made to those drawn: made, accepted, what the accepted
-- ones cost in all, and how many who accepted have reached the goal.
SELECT given.offer_id, count(*) AS made,
       count(*) FILTER (WHERE given.state = 'accepted') AS accepted,
       count(*) FILTER (WHERE given.state = 'accepted' AND outcome.reached) AS reached,
       coalesce(sum(given.cost_minor) FILTER (WHERE given.state = 'accepted'), 0) AS cost_minor,
       count(*) FILTER (WHERE given.state = 'open' AND given.expires_at > %(now)s) AS open
  FROM drawn
  JOIN outcome ON outcome.id = drawn.id
  JOIN campaigns_stepdone AS made ON made.recipient_id = drawn.id
  JOIN campaigns_grant AS given ON given.id = made.grant_id
 GROUP BY given.offer_id
 ORDER BY made DESC, given.offer_id
