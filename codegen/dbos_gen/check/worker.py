"""The process that checks modules for another one, which does something else meanwhile.

``python -m dbos_gen.check.worker`` reads lines of JSON: first where it is, then a module to check in each. It writes a
line for each module. A module that is named again is waited for: it comes next.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
from collections import OrderedDict
from pathlib import Path

from dbos_gen.check.module_findings import Task, entry_as_json
from dbos_gen.check.module_search import ModuleSearch
from dbos_gen.sources.config import ConfigError, load_for_rules
from dbos_gen.sources.file_states import Files


class _Tasks:
    """Modules to check, in the order in which they were named first; those that are waited for before all others."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._pending: OrderedDict[Task, None] = OrderedDict()
        self._known: set[Task] = set()

    def put(self, task: Task) -> None:
        with self._changed:
            if task in self._pending:
                self._pending.move_to_end(task, last=False)
            elif task not in self._known:
                self._known.add(task)
                self._pending[task] = None
                self._changed.notify()

    def get(self) -> Task:
        with self._changed:
            while not self._pending:
                self._changed.wait()
            return self._pending.popitem(last=False)[0]


def main() -> None:
    """Check the modules that standard input names, until it ends."""
    # Syntax trees live as long as this process; looking for garbage among them takes a quarter of the time.
    gc.disable()
    base, pyproject, enabled = json.loads(sys.stdin.readline())
    tasks = _Tasks()
    threading.Thread(target=_take, args=(tasks,), daemon=True).start()
    try:
        config = load_for_rules(Path(pyproject)).with_enabled(enabled)
    except ConfigError:
        return
    search = ModuleSearch(str(base), config, Files())
    while True:
        entry = search.check(*tasks.get())
        sys.stdout.write(json.dumps(entry_as_json(entry), separators=(",", ":")) + "\n")
        sys.stdout.flush()


def _take(tasks: _Tasks) -> None:
    for line in sys.stdin:
        module, path, roots = json.loads(line)
        tasks.put((module, path, tuple(roots)))
    # Whoever asked has ended.
    os._exit(0)


if __name__ == "__main__":
    main()
