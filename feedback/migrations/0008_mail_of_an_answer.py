"""Answers on timelines learn by which mail they came, so that risk knows who falls silent."""

from django.db import migrations

LEARN = """
UPDATE customers_interaction entry
   SET facts = entry.facts || jsonb_build_object('mail', invitation.mail_id)
  FROM feedback_response response
  JOIN feedback_invitation invitation ON invitation.id = response.invitation_id
 WHERE entry.external_id = 'response:' || response.id AND invitation.mail_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0007_webhooks"),
        ("customers", "0019_refused_handovers"),
    ]
    operations = [migrations.RunSQL(LEARN, migrations.RunSQL.noop)]
