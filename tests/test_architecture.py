"""The tree keeps the house rules, and each check finds a seeded offender."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from tests import architecture
from tests.architecture import Check, File

FILES = architecture.project_files()
TENANT_MODELS = architecture.tenant_models(FILES)
CHECKS: dict[str, Check] = {
    "imports": architecture.imports_in_functions,
    "length": architecture.long_modules,
    "exceptions": architecture.swallowed_exceptions,
    "signals": architecture.django_signals,
    "excuses": architecture.blanket_excuses,
    "access": architecture.direct_tenant_reads(TENANT_MODELS),
    "inline": architecture.inline_code,
    "paths": architecture.developers_paths,
    "platforms": architecture.branches_on_platforms,
}


@pytest.mark.parametrize("rule", CHECKS)
def test_the_whole_tree_keeps_the_rule(rule: str) -> None:
    offences = [line for file in FILES for line in CHECKS[rule](file)]
    assert offences == [], "\n".join(offences)


def test_the_tree_that_is_checked_is_the_project() -> None:
    paths = {file.path for file in FILES}
    assert {"shopapp/settings.py", "Makefile", ".ci/run", "docs/running.md"} <= paths
    assert {"Cart", "Contact", "Message"} <= TENANT_MODELS
    assert not any(path.startswith((".venv/", "var/", "node_modules/")) for path in paths)


TRY = "try:\n    f()\n"
LOOP = "for row in rows:\n    try:\n        do(row)\n    except Exception:\n        {}\n"
# Put together here, so that the checks do not find their own examples.
SOMEBODYS_HOME = PurePosixPath("/", "home", "anna", "shop.json")
OFFENDERS = [
    ("imports", "shopapp/a.py", "def f():\n    import json\n"),
    ("imports", "tests/a.py", "async def f():\n    if 1:\n        from a import b\n"),
    ("length", "recovery/a.py", "x = 1\n" * 301),
    ("length", "widgets/storefront/src/a.js", "x();\n" * 301),
    ("length", "widgets/wordpress/rebasket/a.php", "x();\n" * 301),
    ("length", "static/console/a.css", "a {}\n" * 301),
    ("exceptions", "shopapp/a.py", f"{TRY}except Exception:\n    logger.exception('x')\n"),
    ("exceptions", "shopapp/a.py", LOOP.format("pass")),
    ("exceptions", "shopapp/a.py", f"{TRY}except:\n    pass\n"),
    ("exceptions", "shopapp/a.py", f"{TRY}except (ValueError, BaseException):\n    pass\n"),
    ("signals", "recovery/a.py", "from django.db.models.signals import post_save\n"),
    ("signals", "recovery/a.py", "from django.db.models import signals\n"),
    ("signals", "recovery/a.py", "from django.dispatch import receiver\n"),
    ("excuses", "recovery/a.py", "x = 1  # no" "qa\n"),
    ("excuses", "recovery/a.py", "x = 1  # type: ig" "nore\n"),
    ("excuses", "recovery/a.py", "x = 1  # no" "sec\n"),
    ("access", "recovery/carts/views.py", "Cart.objects.get(pk=1)\n"),
    ("access", "recovery/carts/views/a.py", "m.Cart.objects.filter(pk=1).first()\n"),
    ("access", "recovery/carts/views.py", "get_object_or_404(rows, pk=1)\n"),
    ("access", "recovery/carts/views.py", "Cart._base_manager.get(pk=1)\n"),
    ("inline", "templates/a.html", "<script>x()</script>"),
    ("inline", "recovery/carts/templates/a.html", '<p style="color: red">'),
    ("inline", "templates/a.html", "<style>a {}</style>"),
    ("inline", "templates/a.html", '<a onclick="x()">'),
    ("inline", "templates/a.html", "{{ name|safe }}"),
    ("inline", "templates/a.html", "{% autoescape off %}"),
    ("platforms", "recovery/a.py", 'if shop.platform == "shopify":\n    f()\n'),
    ("platforms", "shopapp/shops/a.py", "x = shop.platform in (Shop.Platform.WOOCOMMERCE,)\n"),
    ("platforms", "widgets/a.py", "match a:\n    case 'woocommerce':\n        f()\n"),
    ("platforms", "recovery/a.py", "from shopapp.platforms.shopify import client\n"),
    ("platforms", "templates/a.html", "{% if shop.platform == 'shopify' %}{% endif %}"),
    ("paths", "docs/a.md", f"Open {SOMEBODYS_HOME}."),
    ("paths", "tests/a.py", f'open("{architecture.ROOT}/data.json")\n'),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "path", "text"), OFFENDERS)
def test_a_seeded_offender_is_found(rule: str, path: str, text: str) -> None:
    assert list(CHECKS[rule](File(path, text)))


def test_every_rule_has_a_seeded_offender() -> None:
    assert {rule for rule, _, _ in OFFENDERS} == set(CHECKS)


INNOCENTS = [
    ("shopapp/a.py", "import json\n\n\ndef f():\n    return json\n"),
    ("recovery/carts/migrations/0001_initial.py", "x = 1\n" * 400),
    ("static/storefront/rebasket.js", "x();\n" * 400),
    ("shopapp/a.py", LOOP.format("logger.exception('row failed')")),
    ("shopapp/a.py", f"{TRY}except BaseException:\n    clean()\n    raise\n"),
    ("shopapp/a.py", f"{TRY}except ValueError:\n    pass\n"),
    ("shopapp/celery.py", "from celery.signals import worker_init\n"),
    ("recovery/a.py", "x = 1  # noqa: E501\ny = 2  # type: ignore[misc]\nz = 3  # nosec B101\n"),
    ("recovery/carts/views.py", "access.row(Cart.objects.all(), 1)\nShop.objects.get(pk=1)\n"),
    ("recovery/carts/services.py", "Cart.objects.get(pk=1)\n"),
    ("templates/a.html", '<script src="/a.js" nonce="x" defer></script>{{ unsafe }}'),
    ("shopapp/install/a.py", "from shopapp.platforms.shopify import oauth\n"),
    ("recovery/a.py", "told.get('woocommerce')\n"),
    ("docs/a.md", "See https://example.com/home/anna/ and /root and ~/shop."),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text"), INNOCENTS)
def test_a_tidy_file_passes_every_rule(path: str, text: str) -> None:
    offences = [line for check in CHECKS.values() for line in check(File(path, text))]
    assert offences == []
