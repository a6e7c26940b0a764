-- A task for the owner of each recipient's customer, once by its key; and one row for each step.
WITH wanted AS (
    SELECT recipient.id AS recipient_id, recipient.customer_id, owner.id AS assignee_id,
           'campaign:' || recipient.campaign_id || ':' || %(step)s || ':' || recipient.id AS key
      FROM campaigns_recipient AS recipient
      JOIN customers_customer AS customer ON customer.id = recipient.customer_id
      LEFT JOIN churnapp_user AS owner ON owner.id = customer.owner_id AND owner.is_active
     WHERE recipient.id = ANY(%(recipients)s)
), given AS (
    INSERT INTO customers_task (customer_id, what, assignee_id, due_on, page, created_at, key)
    SELECT customer_id, %(what)s, assignee_id, %(due_on)s, %(page)s, %(now)s, key FROM wanted
        ON CONFLICT (key) DO NOTHING
    RETURNING id, key, customer_id
), told AS (
    INSERT INTO customers_interaction (
        customer_id, kind, verb, facts, occurred_at, summary, status, complaint)
    SELECT customer_id, 'event', 'task_added', jsonb_build_object('what', %(what)s::text, 'task', id), %(now)s,
           '', '', false
      FROM given
)
INSERT INTO campaigns_stepdone (recipient_id, step, at, outcome, why, task_id)
SELECT wanted.recipient_id, %(step)s, %(now)s, 'task', '', given.id
  FROM wanted LEFT JOIN given USING (key);
