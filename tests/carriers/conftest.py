"""A stub for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.carriers.stub import Stub, serving


@pytest.fixture
def stub() -> Iterator[Stub]:
    """The far side of SendGrid, Twilio and SMSC."""
    with serving(Stub()) as served:
        yield served
