"""Let the sweep find shops in which somebody inside a flow has opted out."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from shopapp.shops import row_security


class Migration(migrations.Migration):
    """A function that names the shops, and nothing else."""

    dependencies: ClassVar = [
        ("flows", "0003_room_for_leases"),
        ("contacts", "0001_initial"),
    ]

    operations: ClassVar = [
        row_security.due_shops_function(
            "flows_opted_out_shops",
            "SELECT DISTINCT r.shop_id FROM flows_flowrun r JOIN contacts_suppression s"
            " ON s.shop_id = r.shop_id AND s.address_key = r.address_key AND s.channel = 'email'"
            " WHERE r.state = 'active' AND s.at <= at",
        )
    ]
