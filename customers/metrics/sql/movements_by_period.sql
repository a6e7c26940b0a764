-- Count and sum of each kind of movement in each period; -1 holds all that came before.
SELECT period, kind::VARCHAR AS kind,
       count(*)           AS events,
       sum(moved)::BIGINT AS moved,
       sum(fx)::BIGINT    AS fx
FROM changes
GROUP BY ALL;
