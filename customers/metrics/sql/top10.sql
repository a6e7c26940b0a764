-- ARR of the ten largest at each period's end, without laying every run out over its periods.
-- Blocks of $block periods: of the runs that fill a block, the tenth largest is a floor below which
-- no run matters in it. Only runs above the lowest floor they touch are laid out.
WITH filling AS (
    SELECT (first + $block - 1) // $block AS first, (last + 1) // $block - 1 AS last,
           max(arr, 10) AS largest
    FROM group_runs
    WHERE (first + $block - 1) // $block <= (last + 1) // $block - 1
    GROUP BY ALL
),
blocks AS (
    SELECT block::INTEGER AS block FROM range(($periods - 1) // $block + 1) AS every(block)
),
floors AS (
    SELECT block, coalesce(list_sort(flatten(list(largest)), 'DESC')[10], 0) AS least
    FROM blocks
    LEFT JOIN filling ON block BETWEEN first AND last
    GROUP BY block
),
lowest AS (
    SELECT starting.block AS first, ending.block AS last, min(floors.least) AS least
    FROM blocks AS starting
    JOIN blocks AS ending ON ending.block >= starting.block
    JOIN floors ON floors.block BETWEEN starting.block AND ending.block
    GROUP BY ALL
),
candidates AS (
    SELECT group_runs.arr, group_runs.first, group_runs.last
    FROM group_runs
    JOIN lowest ON lowest.first = group_runs.first // $block
               AND lowest.last = group_runs.last // $block
    WHERE arr >= least
)
SELECT period, list_sum(max(arr, 10))::BIGINT AS arr
FROM candidates
JOIN periods ON period BETWEEN first AND last
GROUP BY period;
