"""What names stand for in folders of modules."""

from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from dbos_gen.sources.file_states import Files
from dbos_gen.sources.roots import NOTHING, Roots, without_implied

_FILES = ("a.py", "a/__init__.py", "a/b.py", "a/b/__init__.py", "a/b/c.py", "b.py", "b/c.py")
_NAMES = [".".join(parts) for count in (1, 2, 3) for parts in product("abc", repeat=count)]
_TREES = st.dictionaries(st.sampled_from(_FILES), st.sampled_from(["", "x = 1\n"]))


def _states(tree: dict[str, str]) -> dict[str, str]:
    with TemporaryDirectory() as folder:
        for path, text in tree.items():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        roots = Roots([folder])
        files = Files()
        return {name: roots.state(name, files.digest) for name in _NAMES}


@given(before=_TREES, after=_TREES)
def test_names_that_are_left_out_change_only_with_others(before: dict[str, str], after: dict[str, str]) -> None:
    old, new = _states(before), _states(after)
    kept = without_implied(old)
    assert all(old[name] == state for name, state in kept.items())
    assert (old == new) == all(new[name] == state for name, state in kept.items())


def test_names_inside_of_modules_and_of_foreign_packages_are_left_out() -> None:
    kept = without_implied(_states({"a/__init__.py": "", "a/b.py": ""}))
    assert {name for name, state in kept.items() if state != NOTHING} == {"a", "a.b"}
    assert set(kept) == {"a", "b", "c", "a.a", "a.b", "a.c"}


def test_module_comes_before_a_folder_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "prices.py").touch()
    assert Roots([str(tmp_path)]).file("shop.prices") is not None
    (tmp_path / "shop.py").touch()
    assert Roots([str(tmp_path)]).file("shop.prices") is None
    (tmp_path / "shop" / "__init__.py").touch()
    assert Roots([str(tmp_path)]).file("shop.prices") is not None


def test_module_that_becomes_a_package_is_another() -> None:
    assert _states({"a.py": "x = 1\n"})["a"] != _states({"a/__init__.py": "x = 1\n"})["a"]
