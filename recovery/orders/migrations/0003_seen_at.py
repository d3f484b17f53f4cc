"""Remember which full reading last showed an order."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Where the list has no order, only this tells what is gone from it."""

    dependencies: ClassVar = [
        ("orders", "0002_doubtful_index"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="order",
            name="seen_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
