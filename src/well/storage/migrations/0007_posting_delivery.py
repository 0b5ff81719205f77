"""What became of the mail that carries a posting, as a column to be counted by.

Invariant: nothing that is stored is changed; postings of before were not mailed.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds `PostingRow.delivery`."""

    dependencies = [("storage", "0006_posting_marks")]

    operations = [
        migrations.AddField("postingrow", "delivery", models.CharField(max_length=16, default="")),
    ]
