"""The project's own Python files, and what they import."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]

PACKAGES = {
    "dbos_typed": ROOT / "dbos_typed",
    "dbos_gen": ROOT / "codegen" / "dbos_gen",
    "dbos_typed_mypy": ROOT / "mypy_plugin" / "dbos_typed_mypy",
    "dbos_gen_templates": ROOT / "templates" / "dbos_gen_templates",
}

_FOLDERS = ("dbos_typed", "codegen", "mypy_plugin", "templates", "benchmarks", "examples", "tests")
# Input and output of our own tools: written to be wrong, or compared byte by byte.
_TOOL_FOLDERS = {"cases", "generated"}
_TYPE_CHECKED_ELSEWHERE = ROOT / "tests" / "typecheck" / "api"


def source_files() -> Iterator[Path]:
    """Every Python file that people write and read here."""
    for folder in _FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = set(path.relative_to(ROOT).parts[:-1])
            is_tool_output = parts & _TOOL_FOLDERS or path.is_relative_to(_TYPE_CHECKED_ELSEWHERE)
            if not is_tool_output and not any(part.startswith(".") for part in parts):
                yield path


def module_sources() -> dict[str, str]:
    """Dotted name -> text, of every module that is installed."""
    return {
        _module_name(name, folder, path): path.read_text(encoding="utf-8")
        for name, folder in PACKAGES.items()
        for path in sorted(folder.rglob("*.py"))
    }


def import_graph(sources: Mapping[str, str]) -> dict[str, set[str]]:
    """Who imports whom among `sources`, wherever the import stands: at the top, in a function, under TYPE_CHECKING.

    `import_module("a name")` is an import too. `from package import name` counts as an import of the submodule when
    `name` is one, else of the package.
    """
    return {
        module: {target for target in _imported(module, text, sources) if target != module}
        for module, text in sources.items()
    }


def find_cycle(graph: Mapping[str, Iterable[str]]) -> list[str] | None:
    """One cycle of the graph, first module repeated at the end, or None."""
    finished: set[str] = set()
    path: list[str] = []

    def visit(module: str) -> list[str] | None:
        if module in finished:
            return None
        if module in path:
            return [*path[path.index(module) :], module]
        path.append(module)
        for target in sorted(graph[module]):
            cycle = visit(target)
            if cycle:
                return cycle
        finished.add(path.pop())
        return None

    for module in sorted(graph):
        cycle = visit(module)
        if cycle:
            return cycle
    return None


def _module_name(package: str, folder: Path, path: Path) -> str:
    parts = [package, *path.relative_to(folder).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(module: str, text: str, known: Mapping[str, str]) -> Iterator[str]:
    is_package = any(name.startswith(f"{module}.") for name in known)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            base = _base(module, node, is_package=is_package)
            for alias in node.names:
                submodule = f"{base}.{alias.name}"
                if submodule in known:
                    yield submodule
                elif base in known:
                    yield base
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in {"import_module", "importlib.import_module"}:
            names = [name.value for name in node.args if isinstance(name, ast.Constant)]
            yield from (name for name in names if isinstance(name, str) and name in known)


def _base(module: str, node: ast.ImportFrom, *, is_package: bool) -> str:
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    drop = node.level - is_package
    kept = parts[: len(parts) - drop]
    return ".".join([*kept, node.module] if node.module else kept)
