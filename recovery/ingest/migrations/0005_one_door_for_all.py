"""Keep when news was said, and count equal content once."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Some platforms send all shops' news to one door, and the same news under two ids."""

    dependencies: ClassVar = [
        ("ingest", "0004_welcome"),
        ("shops", "0002_platform_people"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="delivery",
            name="content_key",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="delivery",
            name="said_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="reading",
            name="cursor",
            field=models.CharField(blank=True, default="", max_length=500),
        ),
        migrations.AlterField(
            model_name="reading",
            name="kind",
            field=models.CharField(
                choices=[
                    ("categories", "Categories"),
                    ("products", "Products"),
                    ("variations", "Variations"),
                    ("customers", "Customers"),
                    ("orders", "Orders"),
                    ("checkouts", "Checkouts"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("content_key", ""), _negated=True),
                fields=("shop", "content_key"),
                name="each_content_once",
            ),
        ),
    ]
