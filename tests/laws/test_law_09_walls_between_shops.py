"""Law 9: walls between shops, down to the last table, and no thread from one shop to another."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from recovery.messaging import services as messaging
from recovery.messaging.models import Link
from shopapp.shops import access
from shopapp.shops.models import Shop
from shopapp.shops.tenancy import NoShopInScope, TenantModel
from tests.conftest import MORNING
from tests.laws.stage import HOUR, MINUTE, House

TENANTS = [model for model in apps.get_models() if issubclass(model, TenantModel)]
# What has to be found before any scope is open, or belongs to no shop.
OPEN = {
    "shops_shop",
    "shops_user",
    "shops_member",
    "shops_remark",
    "shops_signinlink",
    "install_installation",
    "kit_allowance",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "axes_accessattempt",
    "axes_accessattemptexpiration",
    "axes_accessfailurelog",
    "axes_accesslog",
    "django_content_type",
    "django_migrations",
    "django_session",
}


def rows(sql: str, *given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall()) if cursor.description else []


@pytest.fixture
def busy(house: House, twin: House) -> tuple[House, House]:
    """Return two shops in which the same people did the same things under the same ids."""
    for one in (house, twin):
        one.cart(MORNING)
        one.sweep(MORNING + 40 * MINUTE)
        one.sweep(MORNING + HOUR)
        one.turn(MORNING + HOUR + MINUTE)
        order = one.order(MORNING + 2 * HOUR, email="anna@example.se")
        one.tell_order(order, at=MORNING + 2 * HOUR)
        one.handle(MORNING + 2 * HOUR)
        one.store.erase("orders", order["id"])
        with access.scope(one.shop):
            assert [message.state for message in one.messages()] == ["sent"]
            [link] = Link.objects.filter(purpose=Link.Purpose.RESTORE)
            messaging.count_click(one.shop, click_ref=link.click_ref, at=MORNING + HOUR)
    return house, twin


def test_every_table_is_walled_or_named_here(db: None) -> None:
    walled = {model._meta.db_table for model in TENANTS}
    found = dict(
        rows("SELECT relname, relrowsecurity FROM pg_class WHERE relkind = 'r' AND relnamespace ="
             " 'public'::regnamespace")
    )  # fmt: skip
    assert {name for name, safe in found.items() if safe} >= walled
    assert {name for name, safe in found.items() if not safe} <= OPEN


def test_nothing_of_one_shop_is_seen_or_touched_by_sql_in_the_others_scope(
    busy: tuple[House, House],
) -> None:
    house, twin = busy
    filled = 0
    for model in TENANTS:
        table = model._meta.db_table
        with access.scope(house.shop):
            own = rows(f"SELECT count(*) FROM {table}")[0][0]
            filled += own > 0
        with access.scope(twin.shop):
            foreign = rows(f"SELECT count(*) FROM {table} WHERE shop_id = %s", house.shop.pk)
            assert foreign == [(0,)], table
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {table} WHERE shop_id = %s", [house.shop.pk])
                assert cursor.rowcount == 0, table
        with access.scope(house.shop):
            assert rows(f"SELECT count(*) FROM {table}")[0][0] == own, table
    assert filled > 10


def test_no_row_can_be_moved_into_another_shop(busy: tuple[House, House]) -> None:
    house, twin = busy
    for model in TENANTS:
        table = model._meta.db_table
        with access.scope(house.shop):
            if not rows(f"SELECT 1 FROM {table} LIMIT 1"):
                continue
            with pytest.raises(DatabaseError), transaction.atomic():
                rows(f"UPDATE {table} SET shop_id = %s", twin.shop.pk)


def test_without_a_scope_there_is_nothing_at_all(busy: tuple[House, House]) -> None:
    for model in TENANTS:
        assert rows(f"SELECT count(*) FROM {model._meta.db_table}") == [(0,)]
        with pytest.raises(NoShopInScope):
            model._default_manager.count()


def test_after_the_same_life_in_two_shops_no_row_points_across(
    busy: tuple[House, House],
) -> None:
    """A foreign key of the database does not know of shops: the services must never cross."""
    links = [
        (model, field)
        for model in TENANTS
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and issubclass(field.related_model, TenantModel)
    ]
    assert len(links) > 15
    used = 0
    for house in busy:
        with access.scope(house.shop):
            for model, field in links:
                target = field.related_model._meta.db_table
                # In this scope, a row of the other shop cannot be found.
                pointing = rows(
                    f"SELECT count(*), count(t.id) FROM {model._meta.db_table} s"
                    f" LEFT JOIN {target} t ON t.id = s.{field.column}"
                    f" WHERE s.{field.column} IS NOT NULL"
                )[0]
                assert pointing[0] == pointing[1], (model, field)
                used += pointing[0] > 0
    assert used > 15


def test_what_runs_with_the_owners_rights_tells_ids_and_counts_only(db: None) -> None:
    found = rows(
        "SELECT proname, pg_get_function_result(oid), coalesce(array_to_string(proconfig, ','), '')"
        " FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    )
    assert len(found) > 7
    for name, result, settings in found:
        assert result in {"SETOF bigint", "bigint"}, name
        assert "search_path=public" in settings, name


def test_the_application_can_neither_switch_a_wall_off_nor_become_the_owner(
    shop: Shop,
) -> None:
    for attack in (
        "ALTER TABLE carts_cart DISABLE ROW LEVEL SECURITY",
        "DROP POLICY one_shop ON carts_cart",
        "SET ROLE rebasket_owner",
        "TRUNCATE carts_cart",
        "CREATE FUNCTION rebasket_shop() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows(attack)
