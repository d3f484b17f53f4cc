"""Remember which full reading last showed a thing."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Where the list has no order, only this tells what is gone from it."""

    dependencies: ClassVar = [
        ("catalog", "0002_doubtful_index"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="product",
            name="seen_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="variant",
            name="seen_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
