"""Remember which mails the store has to be told of, and find the shops that owe."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

from shopapp.shops import row_security


class Migration(migrations.Migration):
    """Some stores show what became of an abandoned checkout."""

    dependencies: ClassVar = [
        ("carts", "0004_second_names"),
        ("contacts", "0002_owed_to_the_store"),
        ("messaging", "0004_page_indexes"),
        ("shops", "0002_platform_people"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="message",
            name="report_attempts",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="message",
            name="report_due_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("report_due_at__isnull", False)),
                fields=["shop", "report_due_at"],
                name="messages_to_report",
            ),
        ),
        row_security.due_shops_function(
            "messaging_report_shops",
            "SELECT DISTINCT shop_id FROM messaging_message WHERE report_due_at <= at",
        ),
    ]
