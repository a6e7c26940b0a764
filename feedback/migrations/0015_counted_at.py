"""Answers know since when they count, so that a summary tells those that are told late, too; and
invitations of no rule whether they are reminded of.
"""

from django.conf import settings
from django.db import migrations, models

# Rows of imports are known by a digest of all their columns: those that nobody has changed since
# keep that standing with the new column.
UNCHANGED = """
CREATE TEMP TABLE unchanged ON COMMIT DROP AS
SELECT b.id, b.row_id
FROM customers_rowbefore b
JOIN feedback_response t ON t.id = b.row_id
WHERE b."table" = 'feedback_response' AND b.after_digest = md5(to_jsonb(t.*)::text)::uuid
"""
LEARN = """
UPDATE feedback_response SET counted_at = answered_at
WHERE answered_at IS NOT NULL AND quarantined_at IS NULL
"""
RENEW = """
UPDATE customers_rowbefore b
SET after_digest = md5(to_jsonb(t.*)::text)::uuid
FROM unchanged u
JOIN feedback_response t ON t.id = u.row_id
WHERE b.id = u.id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0029_tasks_made_once'),
        ('feedback', '0014_left_answers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(UNCHANGED, migrations.RunSQL.noop),
        migrations.AddField(
            model_name='response',
            name='counted_at',
            field=models.DateTimeField(blank=True, help_text='When it first counted; what is set aside later keeps it.', null=True, verbose_name='counted since'),
        ),
        migrations.AddIndex(
            model_name='response',
            index=models.Index(fields=['counted_at'], name='response_by_counting'),
        ),
        migrations.RunSQL([LEARN, RENEW], migrations.RunSQL.noop),
        migrations.AddField(
            model_name='invitation',
            name='remind_after_days',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Of those of no rule: whether there is a reminder, and when. Rules have theirs.', null=True, verbose_name='remind after, days'),
        ),
        migrations.RemoveIndex(model_name='invitation', name='invitation_open'),
        migrations.AddIndex(
            model_name='invitation',
            index=models.Index(condition=models.Q(('called_back_at', None), ('contact__isnull', False)), fields=['expires_at'], name='invitation_open'),
        ),
    ]
