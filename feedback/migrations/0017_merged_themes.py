"""Themes that were merged are no longer marked as retired: their row only says where they count."""

from django.db import migrations

# What was merged into a theme that was then merged itself goes where that one went.
FOLLOW = """
WITH RECURSIVE way (theme_id, target_id) AS (
    SELECT id, merged_into_id FROM feedback_theme WHERE merged_into_id IS NOT NULL
    UNION
    SELECT way.theme_id, further.merged_into_id
    FROM way JOIN feedback_theme AS further ON further.id = way.target_id
    WHERE further.merged_into_id IS NOT NULL
)
UPDATE feedback_theme AS theme
SET merged_into_id = way.target_id
FROM way JOIN feedback_theme AS last ON last.id = way.target_id AND last.merged_into_id IS NULL
WHERE theme.id = way.theme_id
"""
UNRETIRE = "UPDATE feedback_theme SET retired_at = NULL WHERE merged_into_id IS NOT NULL"
RETIRE = "UPDATE feedback_theme SET retired_at = now() WHERE merged_into_id IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [("feedback", "0016_taken_back_drafts")]
    operations = [
        migrations.RunSQL(FOLLOW, migrations.RunSQL.noop),
        migrations.RunSQL(UNRETIRE, RETIRE),
    ]
