"""Postings are found by what marks them at their target: entry, file name, original file.

Invariant: written once and not changed. Postings stored before have no digest in their column;
they are found by entry and name.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("storage", "0005_layouts")]

    operations = [
        migrations.AddField("postingrow", "document", models.CharField(max_length=64, default="")),
        *(
            migrations.AddIndex(
                "postingrow",
                models.Index(fields=["workspace_id", "target", column], name=name),
            )
            for column, name in (
                ("entry", "posting_entry"),
                ("file_name", "posting_name"),
                ("document", "posting_document"),
            )
        ),
    ]
