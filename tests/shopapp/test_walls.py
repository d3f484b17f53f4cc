"""Two walls between shops: the manager's, and the database's behind it."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction

from recovery.contacts import services
from recovery.contacts.models import Contact
from shopapp.kit.errors import Unreachable
from shopapp.shops import access
from shopapp.shops.models import Shop
from shopapp.shops.tenancy import NoShopInScope
from tests.conftest import MORNING


def make_contact(shop: Shop) -> Contact:
    with access.scope(shop):
        return services.find_or_make(
            shop, email="anna@example.se", evidence=Contact.Evidence.SIGNED, at=MORNING
        )


def test_rows_are_out_of_reach_without_a_scope(shop: Shop) -> None:
    make_contact(shop)
    with pytest.raises(NoShopInScope):
        Contact.objects.count()


def test_a_query_without_its_filter_sees_nothing_of_the_other_shop(
    shop: Shop, other_shop: Shop
) -> None:
    make_contact(shop)
    with access.scope(other_shop):
        assert Contact._base_manager.count() == 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM contacts_contact")
            assert cursor.fetchone() == (0,)
    assert Contact._base_manager.count() == 0


def test_a_row_cannot_be_written_into_another_shop(shop: Shop, other_shop: Shop) -> None:
    with (
        access.scope(other_shop),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        make_contact_of(shop)


def make_contact_of(shop: Shop) -> None:
    Contact.objects.create(
        shop=shop, email="x@example.se", address_key="x", evidence="signed", created_at=MORNING
    )


def test_another_shops_row_is_unreachable_by_its_id(shop: Shop, other_shop: Shop) -> None:
    contact = make_contact(shop)
    with access.scope(other_shop), pytest.raises(Unreachable):
        access.row(Contact.objects.all(), contact.pk)


def test_scopes_of_two_shops_do_not_nest(shop: Shop, other_shop: Shop) -> None:
    with access.scope(shop), pytest.raises(NoShopInScope), access.scope(other_shop):
        pass


def test_the_scope_ends_with_its_block(shop: Shop) -> None:
    with access.scope(shop), access.scope(shop):
        assert Contact.objects.count() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT rebasket_shop()")
        assert cursor.fetchone() == (None,)


def test_every_table_with_a_shop_is_walled(db: None) -> None:
    open_on_purpose = {"shops_member", "install_installation"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relkind = 'r' AND a.attname = 'shop_id' AND NOT c.relrowsecurity"
        )
        assert {name for (name,) in cursor.fetchall()} == open_on_purpose


def test_the_application_owns_nothing_and_bypasses_nothing(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolbypassrls OR rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)
