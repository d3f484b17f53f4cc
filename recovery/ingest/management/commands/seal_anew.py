"""Rotate the keys that seal shops' secrets."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recovery.contacts import erasure
from recovery.ingest import webhooks
from shopapp.shops import access, credentials
from shopapp.shops.models import Shop


class Command(BaseCommand):
    """Seal every shop's secrets under the first key of SEAL_KEYS.

    Put the new key first, keep the old ones behind it, run this, then take the old ones away.
    """

    help = "Seal every secret under the current key, the first of SEAL_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal shop by shop; fails when some secret opens with no key that is left."""
        del args, options
        done = lost = 0
        for shop in Shop.objects.order_by("pk"):
            with access.scope(shop):
                for seal_anew in (credentials.seal_anew, webhooks.seal_anew, erasure.seal_anew):
                    sealed, unopened = seal_anew(shop)
                    done, lost = done + sealed, lost + unopened
        self.stdout.write(f"{done} secrets are sealed under the current key.")
        if lost:
            raise CommandError(f"{lost} secrets open with no key of SEAL_KEYS: keep the old keys.")
