"""A laboratory for each kind of database and each form in which code is written."""

from collections.abc import Iterator

import pytest

from tests.behaviour.forms import Form
from tests.simulation.laboratory import Laboratory


@pytest.fixture
def form() -> Form:
    """The form in which the code under test is written; tests that show both are parametrized with it."""
    return "async"


@pytest.fixture
def laboratory(database_url: str, form: Form, monkeypatch: pytest.MonkeyPatch) -> Iterator[Laboratory]:
    with Laboratory(database_url, form, monkeypatch).launched() as laboratory:
        yield laboratory
