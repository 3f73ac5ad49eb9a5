"""What `[tool.dbos-gen]` may say, and what is said about what it may not."""

from pathlib import Path

import pytest

from dbos_gen.sources.config import ConfigError, find, load
from tests.codegen.projects import CONFIG, write_project


def test_settings_are_read(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    config = load(write_project(tmp_path, config=f'{CONFIG}root = "src"\n'))
    assert config.modules == ("shop.workflows",)
    assert config.output_folder == tmp_path / "src" / "shop" / "generated"
    assert config.project == tmp_path


def test_every_problem_is_listed_at_once(tmp_path: Path) -> None:
    file = write_project(
        tmp_path, config='[tool.dbos-gen]\nmodule = ["a"]\noutput = "not-a-package"\nroot = "nowhere"\n'
    )
    with pytest.raises(ConfigError) as caught:
        load(file)
    assert len(caught.value.problems) == 4
    message = str(caught.value)
    assert "unknown key `module`; did you mean `modules`?" in message
    assert "`modules` is missing" in message
    assert "`output` is 'not-a-package'" in message
    assert "`root` is 'nowhere', which is not a folder" in message


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ('modules = "shop"\noutput = "a"', "`modules` is a string; give a list"),
        ('modules = []\noutput = "a"', "`modules` is empty"),
        ('modules = [3]\noutput = "a"', "`modules[0]` is a number"),
        ('modules = ["a b"]\noutput = "a"', "`modules[0]` is 'a b', neither a dotted name"),
        ('modules = ["a..b"]\noutput = "a"', "`modules[0]` is 'a..b'"),
        ('modules = ["a"]', "`output` is missing"),
        ('modules = ["a"]\noutput = true', "`output` is a boolean"),
        ('modules = ["a"]\noutput = "a.class"', "`output` is 'a.class'"),
        ('modules = ["a"]\noutput = "a"\nroot = ["x"]', "`root` is a list"),
        ('modules = ["a"]\noutput = "a"\nverbose = 1', "unknown key `verbose`; known keys: modules, output, root"),
    ],
)
def test_a_bad_value_is_named_with_what_to_write_instead(tmp_path: Path, table: str, expected: str) -> None:
    with pytest.raises(ConfigError, match="cannot be used") as caught:
        load(write_project(tmp_path, config=f"[tool.dbos-gen]\n{table}\n"))
    assert expected in str(caught.value)


def test_invalid_toml_is_reported_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"not valid TOML: .*line 1"):
        load(write_project(tmp_path, config="[tool.dbos-gen\n"))


def test_the_nearest_file_with_the_table_is_found_from_below(tmp_path: Path) -> None:
    file = write_project(tmp_path)
    below = tmp_path / "shop" / "deep"
    below.mkdir()
    (below / "pyproject.toml").write_text("[project]\n")
    assert find(below) == file


def test_a_missing_table_says_what_to_add(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"there is no such table; add[^!]*\[tool\.dbos-gen\]"):
        find(write_project(tmp_path, config="[project]\n").parent)
