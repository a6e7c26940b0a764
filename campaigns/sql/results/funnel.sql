-- How many of the treated came how far: customers, each once, however many mails they got.
SELECT {counts}
  FROM marks
 WHERE NOT held_out
