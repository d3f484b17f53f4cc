"""Let the sweeps find shops with waiting deliveries or readings."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from shopapp.shops import row_security


class Migration(migrations.Migration):
    """Functions that tell a sweep which shops have due rows, and nothing else."""

    dependencies: ClassVar = [("ingest", "0001_initial")]

    operations: ClassVar = [
        row_security.due_shops_function(
            "ingest_delivery_shops",
            "SELECT DISTINCT shop_id FROM ingest_delivery WHERE state = 'new' AND due_at <= at",
        ),
        row_security.due_shops_function(
            "ingest_reading_shops",
            "SELECT DISTINCT shop_id FROM ingest_reading"
            " WHERE due_at <= at AND (lease_until IS NULL OR lease_until <= at)",
        ),
    ]
