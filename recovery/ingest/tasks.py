"""Doors for the worker. A lost task loses nothing: the ticking ones find what waits."""

from __future__ import annotations

from celery import shared_task

from recovery.ingest import codes, doubts, handling, reconciling, reports, telling, turns
from recovery.ingest import welcome as welcoming
from shopapp.kit import clock, later
from shopapp.shops import access
from shopapp.shops.models import Shop


@shared_task(name="ingest.sweep", acks_late=True)
def sweep() -> None:
    """Wake a worker for every shop with waiting deliveries, due readings, doubtful rows or a
    welcome to go on with. A shop that left still has its deliveries handled: some bind us."""
    now = clock.now()
    for shop in access.due_shops("ingest_delivery_shops", now):
        later.enqueue("ingest.handle_waiting", shop.pk)
    waiting = {
        "ingest.read": access.due_shops("ingest_reading_shops", now),
        "ingest.settle": {
            *access.due_shops("ingest_doubt_shops", now),
            *access.due_shops("ingest_account_shops", now),
        },
        "ingest.welcome": access.due_shops("ingest_welcome_shops", now),
    }
    for task, shops in waiting.items():
        for shop in shops:
            if shop.state != Shop.State.UNINSTALLED:
                later.enqueue(task, shop.pk)


@shared_task(name="ingest.handle", acks_late=True)
def handle(shop_id: int, delivery_id: int) -> None:
    """Handle one delivery."""
    handling.handle(access.shop_by_id(shop_id), delivery_id, at=clock.now())


@shared_task(name="ingest.handle_waiting", acks_late=True)
def handle_waiting(shop_id: int) -> None:
    """Handle a fair share of one shop's waiting deliveries."""
    shop = access.shop_by_id(shop_id)
    handling.handle_waiting(shop, at=clock.now())
    if handling.waiting(shop, at=clock.now(), limit=1):
        later.enqueue("ingest.handle_waiting", shop_id)


@shared_task(name="ingest.read", acks_late=True)
def read(shop_id: int) -> None:
    """Read the next page of one shop's store, and wake the one after it."""
    if reconciling.read_next(access.shop_by_id(shop_id), at=clock.now()):
        later.enqueue("ingest.read", shop_id)


@shared_task(name="ingest.settle", acks_late=True)
def settle(shop_id: int) -> None:
    """Ask one shop's store about doubtful rows."""
    doubts.settle(access.shop_by_id(shop_id), at=clock.now())


@shared_task(name="ingest.welcome", acks_late=True)
def welcome(shop_id: int) -> None:
    """Make one connected shop ready, or look after its plugin."""
    welcoming.welcome(access.shop_by_id(shop_id), at=clock.now())


@shared_task(name="ingest.take_turns", acks_late=True)
def take_turns() -> None:
    """Give each shop with due messages its turn."""
    for shop in access.due_shops("messaging_due_shops", clock.now()):
        later.enqueue("ingest.take_turn", shop.pk)


@shared_task(name="ingest.take_turn", acks_late=True)
def take_turn(shop_id: int) -> None:
    """Read one shop's store, then send what is due."""
    turns.take_turn(access.shop_by_id(shop_id), at=clock.now())


@shared_task(name="ingest.run_errands", acks_late=True)
def run_errands() -> None:
    """Wake a worker for every shop whose store is owed news, reports or discount codes."""
    now = clock.now()
    for task, function in _ERRANDS.items():
        for shop in access.due_shops(function, now):
            if shop.state != Shop.State.UNINSTALLED:
                later.enqueue(task, shop.pk)


@shared_task(name="ingest.tell_store", acks_late=True)
def tell_store(shop_id: int) -> None:
    """Tell one shop's store what we learnt of its shoppers."""
    telling.tell_store(access.shop_by_id(shop_id), at=clock.now())


@shared_task(name="ingest.report_sent", acks_late=True)
def report_sent(shop_id: int) -> None:
    """Tell one shop's store which mails went out."""
    reports.report_sent(access.shop_by_id(shop_id), at=clock.now())


@shared_task(name="ingest.make_codes", acks_late=True)
def make_codes(shop_id: int) -> None:
    """Make one shop's discounts and codes in its store."""
    codes.make_codes(access.shop_by_id(shop_id), at=clock.now())


_ERRANDS = {
    "ingest.tell_store": "contacts_owed_shops",
    "ingest.report_sent": "messaging_report_shops",
    "ingest.make_codes": "offers_code_shops",
}
