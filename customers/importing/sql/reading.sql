-- Macros for DuckDB that turn a cell's text into a value; NULL means that it can't be read.
-- Numbers: spaces, apostrophes and the other mark may group thousands; `mark` is the decimal mark
-- of the whole file ('point' or 'comma'), found by the survey.
CREATE MACRO bare_number(t) AS replace(regexp_replace(t, '[\s\x{00A0}\x{202F}\x{2009}'']', '', 'g'), '−', '-');

CREATE MACRO surely_comma(t) AS regexp_full_match(t,
    '[-+]?(\d*,\d{1,2}|\d*,\d{4,}|0,\d+|\d{4,},\d{3}|\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,})');
CREATE MACRO surely_point(t) AS regexp_full_match(t,
    '[-+]?(\d*\.\d{1,2}|\d*\.\d{4,}|0\.\d+|\d{4,}\.\d{3}|\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,})');
CREATE MACRO doubtful_number(t, mark) AS
    regexp_full_match(t, '[-+]?[1-9]\d{0,2}' || mark || '\d{3}');

CREATE MACRO number_of(t, mark) AS CASE
    WHEN regexp_full_match(t, '[-+]?\d{1,18}') THEN try_cast(t AS DECIMAL(38, 10))
    WHEN mark = 'point' AND regexp_full_match(t, '[-+]?(\d*|\d{1,3}(,\d{3})+)(\.\d+)?')
        THEN try_cast(replace(t, ',', '') AS DECIMAL(38, 10))
    WHEN mark = 'comma' AND regexp_full_match(t, '[-+]?(\d*|\d{1,3}(\.\d{3})+)(,\d+)?')
        THEN try_cast(replace(replace(t, '.', ''), ',', '.') AS DECIMAL(38, 10))
END;
CREATE MACRO read_number(t, mark) AS number_of(bare_number(t), mark);
CREATE MACRO read_whole(t, mark) AS CASE
    WHEN read_number(t, mark) = trunc(read_number(t, mark)) THEN try_cast(read_number(t, mark) AS BIGINT)
END;
-- Whether what can't be taken as a number would be one, but is too large, also as 1e30.
CREATE MACRO roughly(t, mark) AS try_cast(
    CASE mark WHEN 'comma' THEN replace(replace(t, '.', ''), ',', '.') ELSE replace(t, ',', '') END AS DOUBLE);
CREATE MACRO is_large(t, mark, below) AS regexp_full_match(t, '[-+]?[\d.,]*\d([eE]\+?\d+)?')
    AND coalesce(abs(roughly(t, mark)) >= below, regexp_matches(t, '[eE]\+?\d{3,}$'));

-- Days: 2024-01-31, 2024/01/31, 20240131, 31.01.2024; with slashes or dashes and the year last only
-- when the file's order ('DMY' or 'MDY') is known.
CREATE MACRO is_slashed(t) AS regexp_full_match(t, '\d{1,2}[/-]\d{1,2}[/-]\d{4}');
CREATE MACRO slashed_part(t, n) AS try_cast(regexp_extract(t, '(\d{1,2})[/-](\d{1,2})[/-](\d{4})', n) AS INTEGER);
CREATE MACRO made_day(y, m, d) AS try_cast(printf('%04d-%02d-%02d', y, m, d) AS DATE);
CREATE MACRO day_of(t, day_order) AS CASE
    WHEN regexp_full_match(t, '\d{4}-\d\d-\d\d') THEN try_cast(t AS DATE)
    WHEN regexp_full_match(t, '\d{4}[-/.]\d{1,2}[-/.]\d{1,2}')
        THEN try_cast(regexp_replace(t, '[/.]', '-', 'g') AS DATE)
    WHEN regexp_full_match(t, '(19|20)\d{6}')
        THEN try_cast(t[1:4] || '-' || t[5:6] || '-' || t[7:8] AS DATE)
    WHEN regexp_full_match(t, '\d{1,2}\.\d{1,2}\.\d{4}')
        THEN made_day(slashed_part(replace(t, '.', '/'), 3), slashed_part(replace(t, '.', '/'), 2),
                      slashed_part(replace(t, '.', '/'), 1))
    WHEN is_slashed(t) AND day_order = 'DMY'
        THEN made_day(slashed_part(t, 3), slashed_part(t, 2), slashed_part(t, 1))
    WHEN is_slashed(t) AND day_order = 'MDY'
        THEN made_day(slashed_part(t, 3), slashed_part(t, 1), slashed_part(t, 2))
END;

-- Moments: a day, then a time of 24 hours or with AM and PM, then perhaps a zone; without one the
-- organisation's, which is the session's.
CREATE MACRO day_part(t) AS regexp_extract(t, '^[^T\s]+');
CREATE MACRO clock_part(t) AS regexp_extract(t, '^[^T\s]+(?:T|\s+)(\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)', 1);
CREATE MACRO half_part(t) AS upper(regexp_extract(t, '\d\s*([AaPp])\.?[Mm]\.?\s*$', 1));
CREATE MACRO zone_part(t) AS regexp_extract(t, ':\d{2}(?:[.,]\d+)?\s*((?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)$', 1);
CREATE MACRO has_clock(t) AS regexp_full_match(t,
    '[^T\s]+(T|\s+)\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}(:?\d{2})?|[AaPp]\.?[Mm]\.?)?');
CREATE MACRO written_zone(z) AS CASE
    WHEN z IN ('Z', 'UTC', 'GMT') THEN '+00'
    WHEN regexp_full_match(z, '[+-]\d{4}') THEN z[1:3] || ':' || z[4:5]
    ELSE z
END;
CREATE MACRO hour_24(h, half) AS CASE half WHEN 'A' THEN h % 12 WHEN 'P' THEN h % 12 + 12 ELSE h END;
CREATE MACRO written_clock(c, half) AS
    printf('%02d', hour_24(try_cast(split_part(c, ':', 1) AS INTEGER), half))
    || replace(substr(c, length(split_part(c, ':', 1)) + 1), ',', '.');
CREATE MACRO moment_of(t, day_order) AS try_cast(
    strftime(day_of(day_part(t), day_order), '%Y-%m-%d') || ' '
    || written_clock(clock_part(t), half_part(t)) || written_zone(zone_part(t)) AS TIMESTAMPTZ);
CREATE MACRO read_moment(t, day_order) AS CASE
    WHEN has_clock(t) THEN moment_of(t, day_order)
    ELSE CAST(day_of(t, day_order) AS TIMESTAMPTZ)
END;
CREATE MACRO read_day(t, day_order) AS CASE
    WHEN has_clock(t) THEN CAST(moment_of(t, day_order) AS DATE)
    ELSE day_of(t, day_order)
END;
CREATE MACRO read_month(t, day_order) AS CASE
    WHEN regexp_full_match(t, '\d{4}-\d{1,2}') THEN try_cast(t || '-01' AS DATE)
    ELSE date_trunc('month', read_day(t, day_order))
END;
CREATE MACRO in_our_time(d) AS CAST(d AS DATE) BETWEEN DATE '1900-01-01' AND DATE '2199-12-31';

CREATE MACRO read_flag(t) AS CASE
    WHEN lower(t) IN ('true', 't', 'yes', 'y', '1', 'ja', 'j', 'sant', 'sann', 'sandt', 'wahr', 'x') THEN true
    WHEN lower(t) IN ('false', 'f', 'no', 'n', '0', 'nei', 'nej', 'nein', 'usant', 'falsk', 'falsch') THEN false
END;
CREATE MACRO read_address(t) AS CASE
    WHEN regexp_full_match(t, '[^@\s,;<>"]+@[^@\s,;<>"]+\.[^@\s,;<>".]{2,}') AND length(t) <= 254 THEN lower(t)
END;
