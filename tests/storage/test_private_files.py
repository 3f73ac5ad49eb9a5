"""Who may read what SQLite keeps."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from dbos_typed import DBOS


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def _modes(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


@pytest.mark.usefixtures("open_umask")
@pytest.mark.parametrize("form", ["sqlite:///{}", "sqlite:///file:{}?uri=true"])
def test_new_files_are_their_owner_s_alone(tmp_path: Path, form: str) -> None:
    files = [tmp_path / "workflows.sqlite", tmp_path / "shop.sqlite"]
    DBOS(config={"name": "shop", "system_database_url": form.format(files[0]), "database_url": form.format(files[1])})

    @DBOS.transaction()
    def write() -> None:
        DBOS.sql_session.connection().exec_driver_sql("CREATE TABLE people (name text)")

    DBOS.launch()
    try:
        write()
        modes = _modes(tmp_path)
    finally:
        DBOS.destroy(destroy_registry=True)
    assert {"workflows.sqlite", "workflows.sqlite-wal", "workflows.sqlite-shm", "shop.sqlite"} <= modes.keys()
    assert set(modes.values()) == {0o600}


@pytest.mark.usefixtures("open_umask")
def test_existing_file_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "shop.sqlite"
    file.touch(0o640)
    DBOS(config={"name": "shop", "database_url": f"sqlite:///{file}"})
    DBOS.launch()
    DBOS.destroy(destroy_registry=True)
    assert _modes(tmp_path)["shop.sqlite"] == 0o640
