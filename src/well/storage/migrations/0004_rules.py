"""Entries say which rules made the keys they are found under, so that older ones are keyed anew.

Invariant: written once and not changed. Entries stored before have no rules, which are others.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("storage", "0003_learning")]

    operations = [
        migrations.AddField("entryrow", "rules", models.TextField(default="")),
        migrations.AddIndex(
            "entryrow",
            models.Index(fields=["workspace_id", "connection", "rules"], name="entry_rules"),
        ),
    ]
