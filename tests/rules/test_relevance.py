"""Modules from which the runtime cannot be reached are left alone; all others are looked at."""

from pathlib import Path

from dbos_gen.sources.project import Project
from dbos_gen.sources.runtime_importers import Relevance
from dbos_gen.vocabulary.diagnostics import Diagnostics
from tests.rules.programs import write


def test_the_runtime_is_reached_through_imports(tmp_path: Path) -> None:
    names = write(
        tmp_path,
        {
            "direct.py": "from dbos_typed import DBOS\n",
            "older.py": "import dbos\n",
            "later.py": "def f():\n    if f:\n        from dbos_typed.api import facade\n",
            "through.py": "import package.inner.deep\n",
            "package/__init__.py": "",
            "package/inner/__init__.py": "from ... import nothing\nfrom ..flows import *\n",
            "package/inner/deep.py": "",
            "package/flows.py": "import dbos_typed as d\n",
            "plain.py": "import json\nfrom other import x\nimport missing\n",
            "other.py": "import plain\n",
        },
    )
    project = Project(tmp_path, base=tmp_path, diagnostics=Diagnostics())
    relevance = Relevance(project)
    sources = {name: project.load(name) for name in names}
    concerned = {name for name, source in sources.items() if source is not None and relevance.is_concerned(source)}
    assert concerned == {"direct", "older", "later", "through", "package.inner", "package.flows"}


def test_what_decided_is_a_dependency(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "import b\n", "b.py": "import c\n", "c.py": ""})
    project = Project(tmp_path, base=tmp_path, diagnostics=Diagnostics())
    relevance = Relevance(project)
    source, other = project.load("a"), project.load("b")
    assert source is not None
    assert other is not None
    assert not relevance.is_concerned(source)
    with project.asking() as asked:
        assert not relevance.is_concerned(other)
    assert "c" in asked
