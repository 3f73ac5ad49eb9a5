"""Edits of a pipeline: pages that are fetched in a loop, and batches that queues load."""

from tests.codegen.edits.edit import Application, Outcome, Scenario, edit

_OPTIONS, _SOURCES, _FLOWS = "options.py", "sources.py", "flows.py"
_ROWS = {"pages/.*/first": {"scores": [7, 2, 9], "next": "b"}, "pages/.*/b": {"scores": [8, 6], "next": ""}}

SCENARIOS = (
    Scenario(name="two", workflow="sync", arguments='"{id}"', replies=_ROWS),
    Scenario(
        name="big",
        workflow="sync",
        arguments='"{id}"',
        replies={"pages": {"scores": [5, 6, 7, 8], "next": ""}},
    ),
    Scenario(name="empty", workflow="sync", arguments='"{id}"', replies={"pages": {"scores": [], "next": ""}}),
    Scenario(name="again", workflow="reload", arguments='"{id}", [4, 1, 6]'),
)

_VALUES = (
    edit("a constant that is a default argument", (_OPTIONS, "BATCH = 2", "BATCH = 1"), expects=Outcome.FAILS),
    edit(
        "a default argument that was a constant",
        (_SOURCES, "size: int = options.BATCH", "size: int = 3"),
        expects=Outcome.FAILS,
    ),
    edit(
        "a dataclass default that bounds the pages",
        (_OPTIONS, "max_pages: int = 10", "max_pages: int = 1"),
        expects=Outcome.FAILS,
    ),
    edit(
        "a dataclass default that bounds more pages than there are",
        (_OPTIONS, "max_pages: int = 10", "max_pages: int = 20"),
        may_differ=True,
    ),
    edit(
        "a dataclass default that a condition in a child reads",
        (_OPTIONS, "min_score: int = 5", "min_score: int = 7"),
        expects=Outcome.FAILS,
    ),
    edit(
        "a default factory that a condition reads",
        (_OPTIONS, '["name", "score"]', '["name", "score", "rejected"]'),
        expects=Outcome.FAILS,
    ),
    edit(
        "a factory gives another value",
        (_OPTIONS, "return Quality()", "return Quality(min_score=7)"),
        expects=Outcome.FAILS,
    ),
    edit("a class attribute of a source that is in a path", (_SOURCES, 'path = "pages"', 'path = "pages/v2"')),
    edit("a threshold chooses a queue", (_OPTIONS, "threshold: int = 3", "threshold: int = 30")),
)
_QUEUES = (
    edit("a queue is renamed", (_OPTIONS, 'Queue("pages"', 'Queue("batches"'), expects=Outcome.FAILS),
    edit(
        "a queue is renamed and the old one kept",
        (_OPTIONS, 'PAGES = Queue("pages"', 'OLD = Queue("pages")\nPAGES = Queue("batches"'),
    ),
    edit("a queue's limits", (_OPTIONS, "concurrency=4)", "concurrency=2)")),
    edit("an entry of a table of queues", (_OPTIONS, '"large": SLOW', '"large": PAGES')),
    edit(
        "children are started instead of enqueued",
        (_FLOWS, "queue.enqueue(load_batch, ", "DBOS.start_workflow(load_batch, "),
    ),
    edit(
        "children are called instead of enqueued",
        (
            _FLOWS,
            'queue.enqueue(load_batch, f"{job_id}-{len(handles)}", scores)',
            'load_batch(f"{job_id}-{len(handles)}", scores)',
        ),
        (_FLOWS, "handle.get_result() for handle in handles", "handles"),
        expects=Outcome.FAILS,
    ),
    edit(
        "children are awaited one by one",
        (
            _FLOWS,
            "                handles.append(queue",
            (
                "                if handles:\n"
                "                    handles[-1].get_result()\n"
                "                handles.append(queue"
            ),
        ),
        expects=Outcome.FAILS,
    ),
)
_CLASSES = (
    edit(
        "another source is injected",
        (_FLOWS, "SOURCE = Source()", "SOURCE = CheckedSource()"),
        (_FLOWS, "import Sink, Source,", "import CheckedSource, Sink, Source,"),
        expects=Outcome.FAILS,
    ),
    edit(
        "the source makes another call before it begins",
        (_SOURCES, '        cursor = "first"\n', '        Sink().reject(job_id, 0)\n        cursor = "first"\n'),
        expects=Outcome.FAILS,
    ),
    edit(
        "a sink is a subclass with another hook",
        (_FLOWS, "    sink = Sink()", "    sink = LoudSink()"),
        (
            _FLOWS,
            "class Pipeline:",
            (
                "class LoudSink(Sink):\n"
                "    def write(self, batch_id: str, scores: list[int]) -> int:\n"
                "        self.reject(batch_id, 100)\n"
                "        return super().write(batch_id, scores)\n\n\nclass Pipeline:"
            ),
        ),
        expects=Outcome.FAILS,
    ),
    edit("a source that is not injected", (_SOURCES, "        self.ping(job_id)\n", "")),
    edit(
        "a hook is replaced on an instance",
        (
            _FLOWS,
            "PIPELINE = Pipeline(SOURCE)\n",
            (
                "PIPELINE = Pipeline(SOURCE)\n"
                "PIPELINE.transform = lambda batch_id, scores: scores  # type: ignore[method-assign]\n"
            ),
        ),
        expects=Outcome.FAILS,
    ),
)
_CALLS = (
    edit(
        "a step is inserted before a loop",
        (
            _FLOWS,
            "        handles: list[WorkflowHandle[int]] = []\n",
            "        self.sink.reject(job_id, -1)\n        handles: list[WorkflowHandle[int]] = []\n",
        ),
        expects=Outcome.FAILS,
    ),
    edit(
        "a step is appended",
        (
            _FLOWS,
            '    DBOS.set_event("state", "done")\n',
            '    DBOS.set_event("state", "done")\n    PIPELINE.sink.reject(job_id, -2)\n',
        ),
        expects=Outcome.LONGER,
        is_intended=True,
    ),
    edit(
        "the last call goes",
        (_FLOWS, '    DBOS.set_event("state", "done")\n', ""),
        expects=Outcome.SHORTER,
        is_intended=True,
    ),
    edit(
        "a child's last call goes",
        (_FLOWS, "return self.sink.write(batch_id, good) if good else 0", "return len(good)"),
        expects=Outcome.SHORTER,
        is_intended=True,
    ),
    edit(
        "the order of a loop", (_FLOWS, "for score in scores:", "for score in sorted(scores):"), expects=Outcome.EFFECT
    ),
    edit("the key of an event", (_FLOWS, '"state", "running"', '"phase", "running"')),
    edit("an argument of a child", (_FLOWS, 'f"{job_id}-{len(handles)}"', 'f"{job_id}-batch-{len(handles)}"')),
    edit(
        "a child takes another parameter with a default",
        (
            _FLOWS,
            "def load_batch(batch_id: str, scores: list[int]) -> int:",
            "def load_batch(batch_id: str, scores: list[int], note: str = '') -> int:",
        ),
    ),
    edit(
        "a child takes another parameter",
        (
            _FLOWS,
            "def load_batch(batch_id: str, scores: list[int]) -> int:",
            "def load_batch(batch_id: str, scores: list[int], note: str) -> int:",
        ),
        (_FLOWS, 'len(handles)}", scores)', "len(handles)}\", scores, 'x')"),
        (_FLOWS, "load_batch, job_id, scores)", "load_batch, job_id, scores, 'x')"),
        expects=Outcome.FAILS,
    ),
    edit(
        "a child is renamed",
        (_FLOWS, "@DBOS.workflow()\ndef load_batch", '@DBOS.workflow(name="load")\ndef load_batch'),
        expects=Outcome.FAILS,
    ),
    edit(
        "a comprehension becomes a loop",
        (
            _FLOWS,
            "        rows = sum(handle.get_result() for handle in handles)\n",
            "        rows = 0\n        for handle in handles:\n            rows += handle.get_result()\n",
        ),
    ),
    edit(
        "a generator becomes a list",
        (
            _SOURCES,
            "    for start in range(0, len(scores), size):\n        yield scores[start : start + size]\n",
            "    return iter([scores[start : start + size] for start in range(0, len(scores), size)])\n",
        ),
    ),
    edit(
        "a step is reported",
        (
            _SOURCES,
            '        wire.post(f"/rows/{batch_id}", scores=scores)\n',
            '        DBOS.logger.debug("write %s", batch_id)\n        wire.post(f"/rows/{batch_id}", scores=scores)\n',
        ),
    ),
    edit("a private attribute is renamed", (_FLOWS, "self._source", "self._rows")),
    edit("a module's import is spelled out", (_FLOWS, "from etl import options\n", "import etl.options as options\n")),
)

APPLICATION = Application(name="etl", scenarios=SCENARIOS, edits=(*_VALUES, *_QUEUES, *_CLASSES, *_CALLS))
