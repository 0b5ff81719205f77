"""Notices remember when they were mailed to the owners.

Invariant: written once and not changed. Older notices count as not mailed, and are too old to be.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField("notice", "mailed_at", models.DateTimeField(null=True, blank=True)),
    ]
