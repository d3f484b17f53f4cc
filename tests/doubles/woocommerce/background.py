"""What a running shop does beside its visitors: the cron's queue and the plugin's outbox."""

from __future__ import annotations

import logging
import threading

from tests.doubles.woocommerce.plugin.outbox import send_waiting
from tests.doubles.woocommerce.shop import Shop

logger = logging.getLogger(__name__)

_RETRY_SECONDS = 0.5


def start_background(shop: Shop, stopping: threading.Event, tick: float) -> list[threading.Thread]:
    """Start both loops; they end soon after ``stopping`` is set. ``tick``: real seconds."""

    def run_queue() -> None:
        while not stopping.wait(tick):
            try:
                shop.deliveries.run()
            except Exception:
                logger.exception("a run of the queue failed")

    def send_outbox() -> None:
        plugin = shop.plugin
        while plugin and not stopping.is_set():
            plugin.news.wait(_RETRY_SECONDS)
            plugin.news.clear()
            try:
                if plugin.outbox and plugin.connection and not plugin.over:
                    send_waiting(plugin, shop.client)
            except Exception:
                logger.exception("sending the outbox failed")
            if plugin.outbox:
                stopping.wait(_RETRY_SECONDS)

    workers = [threading.Thread(target=work, daemon=True) for work in (run_queue, send_outbox)]
    for worker in workers:
        worker.start()
    return workers
