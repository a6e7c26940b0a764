-- Ends that were believed before, by the moment at which another recording took over: `since_us` is
-- when the same end was first recorded and not given up since.
-- incoming(subscription_id, ends, recorded_at, superseded_at): recordings that are superseded.
CREATE TEMP TABLE recordings AS
WITH marked AS (
    SELECT *, recorded_at IS DISTINCT FROM lag(superseded_at) OVER of_end AS begins
    FROM incoming
    WINDOW of_end AS (PARTITION BY subscription_id, ends ORDER BY recorded_at, superseded_at)
),
unbroken AS (
    SELECT *, sum(begins::INTEGER) OVER of_end AS stretch
    FROM marked
    WINDOW of_end AS (PARTITION BY subscription_id, ends ORDER BY recorded_at, superseded_at)
)
SELECT subscription_id, ends, max(superseded_at) AS recorded_at, epoch_us(min(recorded_at)) AS since_us
FROM unbroken
GROUP BY subscription_id, ends, stretch;
