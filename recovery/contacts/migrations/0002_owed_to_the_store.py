"""Remember what the store has to be told about a contact, and find the shops that owe."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

from shopapp.shops import row_security


class Migration(migrations.Migration):
    """What we learn of a shopper belongs into the store as well."""

    dependencies: ClassVar = [
        ("contacts", "0001_initial"),
        ("shops", "0002_platform_people"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="contact",
            name="owed_attempts",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="contact",
            name="owed_problem",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="contact",
            name="owed_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("owed_since__isnull", False)),
                fields=["shop", "owed_since"],
                name="contacts_owed",
            ),
        ),
        row_security.due_shops_function(
            "contacts_owed_shops",
            "SELECT DISTINCT shop_id FROM contacts_contact WHERE owed_since <= at",
        ),
    ]
