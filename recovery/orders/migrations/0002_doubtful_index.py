"""Find doubtful orders without reading them all."""

from __future__ import annotations

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("carts", "0002_due_shops"),
        ("orders", "0001_initial"),
        ("shops", "0001_initial"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                condition=models.Q(("doubtful_since__isnull", False)),
                fields=["shop", "doubtful_since"],
                name="doubtful_orders",
            ),
        ),
    ]
