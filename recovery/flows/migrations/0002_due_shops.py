"""Let the sweep find shops with due runs."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from shopapp.shops import row_security


class Migration(migrations.Migration):
    """Functions that tell a sweep which shops have due rows, and nothing else."""

    dependencies: ClassVar = [("flows", "0001_initial")]

    operations: ClassVar = [
        row_security.due_shops_function(
            "flows_due_shops",
            "SELECT DISTINCT shop_id FROM flows_flowrun"
            " WHERE state = 'active' AND due_at <= at"
            " AND (lease_until IS NULL OR lease_until <= at)",
        ),
    ]
