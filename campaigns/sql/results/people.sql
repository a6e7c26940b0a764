-- The recipients behind a figure, by their keys.
SELECT marks.id
  FROM marks
 WHERE {condition}
 ORDER BY marks.id
