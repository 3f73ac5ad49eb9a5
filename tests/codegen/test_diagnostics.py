"""What is said about modules that cannot be generated as they are."""

from pathlib import Path

import pytest

from dbos_gen.generate import pipeline
from dbos_gen.sources.config import load
from tests.codegen.projects import CONFIG, WORKFLOWS, contents, write_project

_IMPORT = "from dbos_typed import DBOS, DBOSConfiguredInstance\n"


def _codes(folder: Path, source: str) -> list[str]:
    result = pipeline.generate(load(write_project(folder, {"shop/workflows.py": source})))
    return [f"{diagnostic.line}: {diagnostic.code} {diagnostic.level.value}" for diagnostic in result.diagnostics]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def broken(:\n", ["1: DG001 error"]),
        ("x = 'unterminated\n", ["1: DG001 error"]),
        ("\x00", ["1: DG001 error"]),
        (f"{_IMPORT}@DBOS.workflow\ndef a() -> None: ...\n", ["2: DG024 error"]),
        (f"{_IMPORT}@DBOS.workflow(name=f'{{1}}')\ndef a() -> None: ...\n", ["2: DG023 error"]),
        (f'{_IMPORT}@DBOS.workflow(name="\\ud800")\ndef a() -> None: ...\n', ["3: DG026 error"]),
        (f'{_IMPORT}@DBOS.workflow(name="a\\0")\ndef a() -> None: ...\n', ["3: DG026 error"]),
        (
            f"{_IMPORT}@DBOS.workflow()\ndef a() -> None: ...\n@DBOS.workflow()\ndef a() -> None: ...\n",
            ["5: DG021 error"],
        ),
        (
            f"{_IMPORT}@DBOS.workflow()\ndef a() -> None: ...\n@DBOS.workflow(name='a')\ndef b() -> None: ...\n",
            ["5: DG021 error"],
        ),
        (
            f"{_IMPORT}@DBOS.workflow()\ndef ship_it() -> None: ...\n@DBOS.workflow()\ndef shipIt() -> None: ...\n",
            ["5: DG020 error"],
        ),
        (
            f"{_IMPORT}@DBOS.workflow()\ndef a() -> None: ...\n@DBOS.workflow()\ndef AHandle() -> None: ...\n",
            ["5: DG020 error"],
        ),
        (
            (
                f"{_IMPORT}if DBOS:\n  @DBOS.workflow()\n  def a() -> int: ...\n"
                "else:\n  @DBOS.workflow()\n  def a() -> str: ...\n"
            ),
            ["7: DG025 warning"],
        ),
    ],
)
def test_a_problem_has_its_line_and_its_code(tmp_path: Path, source: str, expected: list[str]) -> None:
    assert _codes(tmp_path, source) == expected


def test_problems_of_all_modules_are_collected(tmp_path: Path) -> None:
    config = CONFIG.replace("shop.workflows", "shop.*")
    files = {"shop/first.py": "def broken(:\n", "shop/second.py": "also broken(\n"}
    result = pipeline.generate(load(write_project(tmp_path, files, config=config)))
    assert [(found.file, found.code) for found in result.diagnostics] == [
        ("shop/first.py", "DG001"),
        ("shop/second.py", "DG001"),
    ]


def test_a_name_that_another_module_registers_names_both_places(tmp_path: Path) -> None:
    config = CONFIG.replace("shop.workflows", "shop.*")
    result = pipeline.generate(load(write_project(tmp_path, {"shop/again.py": WORKFLOWS}, config=config)))
    (found,) = result.diagnostics
    assert str(found) == (
        "shop/workflows.py:5: DG021 error: workflow `checkout` registers the name `checkout`, which shop/again.py:5 "
        'registers too; give one of them another name: `@DBOS.workflow(name="...")`'
    )


def test_two_modules_for_one_generated_file_are_an_error(tmp_path: Path) -> None:
    config = '[tool.dbos-gen]\nmodules = ["flows", "shop.flows"]\noutput = "shop.generated"\n'
    files = {"flows.py": WORKFLOWS, "shop/flows.py": WORKFLOWS.replace("checkout", "other")}
    result = pipeline.generate(load(write_project(tmp_path, files, config=config)))
    assert [found.code for found in result.diagnostics] == ["DG022"]


def test_text_in_another_encoding_is_reported(tmp_path: Path) -> None:
    file = write_project(tmp_path)
    (tmp_path / "shop/workflows.py").write_bytes(b"x = '\xff'\n")
    result = pipeline.generate(load(file))
    assert [found.code for found in result.diagnostics] == ["DG002"]


def test_a_declared_encoding_and_windows_newlines_are_understood(tmp_path: Path) -> None:
    file = write_project(tmp_path)
    source = WORKFLOWS.replace("return 1", 'DBOS.set_event("größe", 1)\n    return 1')
    pipeline.generate(load(file))
    (tmp_path / "shop/workflows.py").write_bytes(f"# coding: latin-1\n{source}".replace("\n", "\r\n").encode("latin-1"))
    result = pipeline.generate(load(file))
    assert result.diagnostics == ()
    assert 'Literal["größe"]' in (tmp_path / "shop/generated/workflows.pyi").read_text(encoding="utf-8")


def test_an_error_leaves_the_previous_output_whole(tmp_path: Path) -> None:
    file = write_project(tmp_path)
    pipeline.generate(load(file))
    before = contents(tmp_path / "shop/generated")
    (tmp_path / "shop/workflows.py").write_text("def broken(:\n")
    assert pipeline.generate(load(file)).has_errors
    assert contents(tmp_path / "shop/generated") == before


def test_scanning_executes_nothing(tmp_path: Path) -> None:
    trap = f"import pathlib\npathlib.Path({str(tmp_path / 'executed')!r}).touch()\n"
    write_project(tmp_path, {"shop/workflows.py": trap + WORKFLOWS, "shop/__init__.py": trap})
    result = pipeline.generate(load(tmp_path / "pyproject.toml"))
    assert result.drift
    assert not (tmp_path / "executed").exists()
