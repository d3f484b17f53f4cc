"""A Shopify shop for each test."""

from __future__ import annotations

import pytest

from tests.conformance.shopify.front import Front, open_front


@pytest.fixture
def front() -> Front:
    return open_front()
