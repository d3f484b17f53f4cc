"""Which order is owed to which message."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from recovery.messaging.models import Click, Message
from recovery.orders.models import Order
from shopapp.kit.money import Money
from shopapp.shops.tenancy import TenantModel


class Credit(TenantModel):
    """An order credited to the last counted click before it."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="credits")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="credits")
    click = models.ForeignKey(Click, on_delete=models.CASCADE, related_name="credits")
    flow_id = models.BigIntegerField(null=True, blank=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    decimals = models.PositiveSmallIntegerField()
    clicked_at = models.DateTimeField()
    ordered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "order"], name="an_order_is_credited_once"),
        ]
        # Serves Results: credits of a time.
        indexes: ClassVar = [models.Index(fields=["shop", "ordered_at"])]

    @property
    def amount(self) -> Money:
        """Return the credited order's total."""
        return Money(self.amount_minor, self.currency, self.decimals)
