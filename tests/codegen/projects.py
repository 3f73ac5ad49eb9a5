"""Small projects for tests."""

from pathlib import Path

from dbos_gen.sources.cache import FOLDER

CONFIG = '[tool.dbos-gen]\nmodules = ["shop.workflows"]\noutput = "shop.generated"\n'
WORKFLOWS = """\
from dbos_typed import DBOS


@DBOS.workflow()
def checkout(order_id: str) -> int:
    return 1
"""


def write_project(folder: Path, files: dict[str, str] | None = None, *, config: str = CONFIG) -> Path:
    """Write pyproject.toml and a package `shop` below `folder`; return the path of pyproject.toml."""
    written = {"shop/__init__.py": "", "shop/workflows.py": WORKFLOWS, **(files or {})}
    for path, text in written.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    file = folder / "pyproject.toml"
    file.write_text(config, encoding="utf-8")
    return file


def contents(folder: Path) -> dict[str, str]:
    """Return every file below a folder with its text, without the cache."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and FOLDER not in path.parts
    }
