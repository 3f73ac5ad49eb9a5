"""The corpus laid out as projects, where checkers find what they remember of the last run."""

from __future__ import annotations

import pytest

from tests.corpus.planted import Project, build, case_files


@pytest.fixture(scope="session")
def projects(request: pytest.FixtureRequest) -> tuple[Project, ...]:
    """A project without generated code, and one with it."""
    cache = request.config.cache
    assert cache is not None
    # Processes that run tests side by side must not write into each other's projects.
    worker: str = getattr(request.config, "workerinput", {}).get("workerid", "main")
    return build(cache.mkdir(f"corpus-{worker}").resolve(), case_files())
