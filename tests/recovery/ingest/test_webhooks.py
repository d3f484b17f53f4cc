"""The store's webhooks: each with a secret of its own, ours kept, strangers left alone."""

from __future__ import annotations

import pytest

from recovery.ingest import webhooks
from recovery.ingest.connection import open_client
from recovery.ingest.models import Subscription
from shopapp.platforms.answers import StoreUnavailable
from shopapp.platforms.connector import MakesWebhooks
from shopapp.platforms.woocommerce.topics import TOPICS
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.recovery.ingest.little_store import LittleStore


def _client(shop: Shop) -> MakesWebhooks:
    client = open_client(shop)
    assert isinstance(client, MakesWebhooks)
    return client


@pytest.fixture
def bare(connected: Shop) -> Shop:
    """Return the connected shop before it has any webhook."""
    with access.scope(connected):
        Subscription.objects.all().delete()
    return connected


def test_every_topic_is_asked_for_with_a_secret_of_its_own(bare: Shop, store: LittleStore) -> None:
    kept = webhooks.register_webhooks(bare, _client(bare), at=MORNING)
    hooks = list(store.held["webhooks"].values())
    assert {hook["topic"] for hook in hooks} == set(TOPICS)
    assert {hook["delivery_url"] for hook in hooks} == {webhooks.delivery_url(bare)}
    secrets = {hook["topic"]: hook["secret"] for hook in hooks}
    assert len(set(secrets.values())) == len(TOPICS)
    assert {topic: webhooks.secret_of(bare, topic) for topic in TOPICS} == secrets
    assert {row.status for row in kept} == {"active"}
    with access.scope(bare):
        sealed = Subscription.objects.values_list("sealed_secret", flat=True)
        assert not set(sealed) & set(secrets.values())


def test_asking_again_makes_nothing_new(bare: Shop, store: LittleStore) -> None:
    webhooks.register_webhooks(bare, _client(bare), at=MORNING)
    before = {one: dict(hook) for one, hook in store.held["webhooks"].items()}
    webhooks.register_webhooks(bare, _client(bare), at=MORNING)
    assert store.held["webhooks"] == before


def test_a_registration_that_broke_off_is_finished(
    bare: Shop, store: LittleStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = _client(bare)
    create, made = client.create_webhook, []

    def breaks(**asked: str) -> object:
        made.append(create(name="", topic=asked["topic"], delivery_url=asked["delivery_url"],
                           secret=asked["secret"]))  # fmt: skip
        if len(made) == 3:
            raise StoreUnavailable("away", temporary=True)
        return made[-1]

    monkeypatch.setattr(client, "create_webhook", breaks)
    with pytest.raises(StoreUnavailable):
        webhooks.register_webhooks(bare, client, at=MORNING)
    webhooks.register_webhooks(bare, _client(bare), at=MORNING)
    hooks = list(store.held["webhooks"].values())
    # The third was made by the store though its answer was lost: we could not know its id.
    assert sorted(hook["topic"] for hook in hooks) == sorted(TOPICS)
    for hook in hooks:
        assert webhooks.secret_of(bare, hook["topic"]) == hook["secret"]


def test_a_webhook_to_an_old_address_of_ours_is_replaced(bare: Shop, store: LittleStore) -> None:
    webhooks.register_webhooks(bare, _client(bare), at=MORNING)
    for hook in store.held["webhooks"].values():
        hook["delivery_url"] = hook["delivery_url"].replace("http://", "https://old.")
    webhooks.register_webhooks(bare, _client(bare), at=MORNING)
    hooks = store.held["webhooks"].values()
    assert {hook["delivery_url"] for hook in hooks} == {webhooks.delivery_url(bare)}
    assert len(hooks) == len(TOPICS)


def test_only_our_webhooks_are_taken_away(bare: Shop, other_shop: Shop, store: LittleStore) -> None:
    stranger = store.put(
        "webhooks", {}, topic="order.created", delivery_url="https://else.example/"
    )
    other = store.put("webhooks", {}, topic="order.created",
                      delivery_url=webhooks.delivery_url(other_shop))  # fmt: skip
    webhooks.register_webhooks(bare, _client(bare), at=MORNING)
    assert webhooks.delete_webhooks(bare, _client(bare)) == len(TOPICS)
    assert set(store.held["webhooks"]) == {stranger["id"], other["id"]}
    assert webhooks.subscriptions(bare) == []


def test_the_secret_of_one_shop_is_sealed_for_it_alone(bare: Shop, other_shop: Shop) -> None:
    with access.scope(other_shop):
        row = Subscription.objects.filter(topic="order.created").get()
        assert webhooks._open(row)
        row.shop_id = bare.pk
        assert webhooks._open(row) == ""
