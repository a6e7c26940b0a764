-- Whoever was left out of a campaign is forgotten, to be judged anew. They were never on its path,
-- so nothing hangs on their rows: no step that was done, no link that was followed.
DELETE FROM campaigns_recipient WHERE campaign_id = %(campaign)s AND state = 'left_out'
