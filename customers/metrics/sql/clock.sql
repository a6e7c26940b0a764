-- The number of the period that a moment lies in, given as microseconds of UTC since 1970: by the
-- organisation's days, each of which begins within a UTC day.
CREATE TEMP MACRO period_of_moment(us) AS
    period_of(
        us // 86400000000
        + getvariable('days_ahead')[
            least(greatest(us // 86400000000, getvariable('earliest') - 1), getvariable('latest') + 1)
            - getvariable('earliest') + 2
        ]
        + (us % 86400000000 >= getvariable('switches_us')[
            least(greatest(us // 86400000000, getvariable('earliest') - 1), getvariable('latest') + 1)
            - getvariable('earliest') + 2
        ])::INTEGER
    );
