-- The number of the period that a day lies in: -1 before the first, the number of periods after the
-- last or after the day of known_at. Days are integers since 1970.
-- Lists by day are several times cheaper to look into than a table is to join, row by row.
CREATE TEMP MACRO period_of(day) AS
    getvariable('period_by_day')[
        least(greatest(day, getvariable('earliest')), getvariable('latest'))
        - getvariable('earliest') + 1
    ];
