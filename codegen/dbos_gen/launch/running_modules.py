"""The modules of a running program: which are the application's own, and where they are."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterable, Mapping

from dbos_gen.sources.roots import Roots
from dbos_gen.vocabulary.runtimes import RUNTIMES

MAIN = "__main__"
_INSTALLED = tuple(f"{os.sep}{name}{os.sep}" for name in ("site-packages", "dist-packages"))
_STANDARD = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib")})
# Known by their public names, never by their source.
_RUNTIMES = frozenset({*RUNTIMES, "dbos_gen"})


def name_of(module: str) -> str:
    """Return the name under which other modules import a module: the one that is run is called ``__main__``."""
    if module != MAIN:
        return module
    main = vars(sys.modules[MAIN])
    spec, file = main.get("__spec__"), main.get("__file__")
    if spec is not None:
        return str(spec.name)
    return MAIN if file is None else os.path.splitext(os.path.basename(file))[0]  # noqa: PTH119, PTH122  # a string


class RunningRoots(Roots):
    """Finds the application's modules: those that were imported at their files, others beside them.

    A module belongs to the application when it is not installed, or when its top-level package has workflows.
    """

    def __init__(self, files: Mapping[str, str]) -> None:
        """`files` are those of the modules that have workflows, by name."""
        roots = dict.fromkeys(root for name, file in sorted(files.items()) if (root := _root(name, file)))
        folders = dict.fromkeys([*roots, *(entry for entry in sys.path if entry and not is_installed(entry))])
        super().__init__(folders)
        self.own = tuple(roots)
        self._tops = {name.partition(".")[0] for name in files}
        self._trusted = tuple(folder for folder in folders if not is_installed(folder))
        self.imported = dict(files)
        for name, file in [*_imported(), *files.items()]:
            top = name.partition(".")[0]
            if top not in _RUNTIMES and (top in self._tops or not is_installed(file)):
                self.place(name, file)
                self.imported[name] = file

    def program(self) -> list[str]:
        """Return the imported modules that lie where modules with workflows do."""
        own = tuple(f"{root}{os.sep}" for root in self.own)
        return [name for name, file in self.imported.items() if file.startswith(own)]

    def folders_of(self, name: str) -> tuple[str, ...]:
        """As `Roots.folders_of`."""
        return self.folders if name.partition(".")[0] in self._tops else self._trusted


def _imported() -> Iterable[tuple[str, str]]:
    for name, module in list(sys.modules.items()):
        # Not getattr: some modules import others when they are asked for anything.
        file = getattr(module, "__dict__", {}).get("__file__")
        if isinstance(file, str) and file.endswith(".py") and name != MAIN:
            yield name, file


def _root(name: str, file: str) -> str | None:
    """Return the folder in which the module of a file has this name."""
    stem = file.removesuffix(".py").removesuffix(f"{os.sep}__init__")
    inside = os.sep + name.replace(".", os.sep)
    return stem.removesuffix(inside) if stem.endswith(inside) else None


def is_installed(path: str) -> bool:
    """Whether a file or folder belongs to an installed package or to Python."""
    return any(name in f"{path}{os.sep}" for name in _INSTALLED) or path.startswith(_STANDARD)
