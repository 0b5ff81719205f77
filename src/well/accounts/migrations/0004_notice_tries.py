"""Notices remember how far their mailing has come, so that a kill in the middle loses none.

Invariant: written once and not changed. Notices that were mailed before stay mailed.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_notice_mailed")]

    operations = [
        migrations.AddField("notice", "mailed_to", models.JSONField(default=list, blank=True)),
        migrations.AddField("notice", "mail_tries", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("notice", "mail_after", models.DateTimeField(null=True, blank=True)),
    ]
