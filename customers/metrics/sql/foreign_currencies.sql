-- The currencies that amounts are converted from.
SELECT DISTINCT currency FROM foreign_terms;
