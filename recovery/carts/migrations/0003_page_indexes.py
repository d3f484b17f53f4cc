"""Open the Carts page and Results quickly for shops with very many carts."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """With 100,000 carts the tabs took up to half a second each, sorting what they then cut off."""

    atomic = False

    dependencies: ClassVar = [("carts", "0002_due_shops")]

    operations: ClassVar = [
        AddIndexConcurrently(
            model_name="cart",
            index=models.Index(fields=["shop", "-changed_at"], name="carts_newest_first"),
        ),
        AddIndexConcurrently(
            model_name="cart",
            index=models.Index(
                fields=["shop", "abandoned_at"],
                include=["state"],
                name="carts_by_abandonment",
                condition=models.Q(abandoned_at__isnull=False),
            ),
        ),
    ]
