"""Remember which full reading last showed a category."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """As products and variants do."""

    dependencies: ClassVar = [
        ("catalog", "0003_seen_at"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="category",
            name="seen_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
