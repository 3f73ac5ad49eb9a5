"""Edits of approvals: children, errors, patches."""

from tests.codegen.edits.edit import Application, Outcome, Scenario, edit

_DOCUMENTS, _OFFICE, _FLOWS = "documents.py", "office.py", "flows.py"

SCENARIOS = (
    Scenario(
        name="long",
        workflow="approve",
        arguments='Document("{id}", 20, ["ann", "bob"])',
        replies={"bob": "1"},
    ),
    Scenario(name="rejected", workflow="approve", arguments='Document("{id}", 2, ["ann"])', replies={"ann": "no"}),
    Scenario(name="secret", workflow="approve", arguments='Document("{id}", 2, ["cid"], True)', replies={"cid": "no"}),
    Scenario(
        name="unreadable",
        workflow="approve",
        arguments='Document("{id}", 2, ["ann"])',
        replies={"scanner": "refuse: torn"},
    ),
)

_ALL_AT_ONCE = """\
    handles = [DBOS.start_workflow(review, document.document_id, name) for name in document.reviewers]
    return [handle.get_result() for handle in handles]
"""
_ACCEPT = "    desk.accept(document)\n"
_PATCH = '    if DBOS.patch("second-stamp"):\n        office.stamp(document.document_id, "second")\n'
_VALUES = (
    edit("a constant that a child compares", (_OFFICE, "PASSING = 3", "PASSING = 1"), expects=Outcome.SHORTER),
    edit("a constant that a child compares grows", (_OFFICE, "PASSING = 3", "PASSING = 6"), expects=Outcome.LONGER),
    edit("a constant behind a helper", (_OFFICE, "LONG = 10", "LONG = 30"), expects=Outcome.FAILS),
    edit("an entry of a dict that bounds a loop", (_OFFICE, '"scan": 1', '"scan": 0'), expects=Outcome.SHORTER),
    edit("an entry of a dict that bounds a loop grows", (_OFFICE, '"scan": 1', '"scan": 3'), expects=Outcome.LONGER),
    edit("another key of the dict", (_OFFICE, '{"scan": 1}', '{"scan": 1, "copy": 2}')),
)
_FILING = '''\
@dataclass
class Filing:
    """Where it lies now; recorded with its name, because it may be anything."""

    shelf: str
'''
_FILING_MODULE = f'"""Files."""\n\nfrom dataclasses import dataclass\n\n\n{_FILING}'
_CLASSES = (
    edit(
        "a class that records name moves",
        (_DOCUMENTS, _FILING, ""),
        ("filing.py", "", _FILING_MODULE),
        (_OFFICE, "from approval import documents\n", "from approval import filing\n"),
        (_OFFICE, "documents.Filing", "filing.Filing"),
        expects=Outcome.FAILS,
    ),
    edit(
        "a class that records name moves and keeps its name",
        (_DOCUMENTS, _FILING, ""),
        (_DOCUMENTS, "\n\nclass ReviewError", "\nfrom approval.filing import Filing\n\n\nclass ReviewError"),
        ("filing.py", "", _FILING_MODULE),
    ),
    edit(
        "a class that records name is renamed",
        (_DOCUMENTS, "class Filing:", "class Shelf:"),
        (_OFFICE, "documents.Filing", "documents.Shelf"),
        expects=Outcome.FAILS,
    ),
    edit(
        "a class that records name gets a field",
        (_DOCUMENTS, "    shelf: str\n", '    shelf: str\n    box: str = ""\n'),
    ),
)
_ERRORS = (
    edit(
        "a handler catches another class",
        (_FLOWS, "except RejectedError:", "except UnreadableError:"),
        expects=Outcome.FAILS,
    ),
    edit("a handler catches the class above", (_FLOWS, "except RejectedError:", "except ReviewError:")),
    edit(
        "a handler in a loop catches another class",
        (
            _FLOWS,
            "        except UnreadableError:\n            continue",
            "        except RejectedError:\n            continue",
        ),
        expects=Outcome.SHORTER,
    ),
    edit(
        "an exception class moves",
        (_DOCUMENTS, 'class RejectedError(ReviewError):\n    """Somebody said no."""\n', ""),
        (
            "refusals.py",
            "",
            (
                '"""Refusals."""\n\nfrom approval.documents import ReviewError\n\n\n'
                'class RejectedError(ReviewError):\n    """Somebody said no."""\n'
            ),
        ),
        (
            _OFFICE,
            "import Document, Opinion, RejectedError, UnreadableError",
            "import Document, Opinion, UnreadableError\nfrom approval.refusals import RejectedError",
        ),
        (
            _FLOWS,
            "import Document, Opinion, RejectedError, ReviewError, UnreadableError",
            "import Document, Opinion, ReviewError, UnreadableError\nfrom approval.refusals import RejectedError",
        ),
        expects=Outcome.FAILS,
    ),
    edit(
        "an exception class is renamed",
        (_DOCUMENTS, "class UnreadableError", "class TornError"),
        (_OFFICE, "UnreadableError", "TornError"),
        (_FLOWS, "UnreadableError", "TornError"),
        expects=Outcome.FAILS,
    ),
    edit(
        "an exception class is renamed and its name kept",
        (
            _DOCUMENTS,
            'class UnreadableError(ReviewError):\n    """Nobody could open it."""\n',
            'class TornError(ReviewError):\n    """Nobody could open it."""\n\n\nUnreadableError = TornError\n',
        ),
    ),
    edit(
        "an exception class that nobody raises",
        (
            _DOCUMENTS,
            "class UnreadableError",
            'class LostError(ReviewError):\n    """Nobody knows where it is."""\n\n\nclass UnreadableError',
        ),
    ),
    edit(
        "a call goes from a final block",
        (_FLOWS, "    finally:\n        office.archive(document.document_id)\n", ""),
        expects=Outcome.FAILS,
    ),
    edit(
        "a final block is repeated instead",
        (
            _FLOWS,
            "    finally:\n        office.archive(document.document_id)\n",
            "    office.archive(document.document_id)\n",
        ),
        (
            _FLOWS,
            '        desk.refuse(document)\n        return "rejected"\n',
            '        desk.refuse(document)\n        office.archive(document.document_id)\n        return "rejected"\n',
        ),
    ),
)
_HOOKS = (
    edit(
        "an override does more",
        (
            _FLOWS,
            "        office.shred(document.document_id)\n",
            '        office.stamp(document.document_id, "void")\n        office.shred(document.document_id)\n',
        ),
        expects=Outcome.FAILS,
    ),
    edit(
        "an override goes",
        (_FLOWS, "    def refuse(self, document: Document) -> None:\n        office.shred(document.document_id)\n", ""),
        expects=Outcome.FAILS,
    ),
    edit(
        "another class comes from a factory",
        (_FLOWS, "return SecretDesk() if document.is_secret else Desk()", "return SecretDesk()"),
        expects=Outcome.FAILS,
    ),
    edit(
        "an override that does the same",
        (
            _FLOWS,
            "    def refuse(self, document: Document) -> None:\n        office.shred(document.document_id)\n",
            (
                "    def refuse(self, document: Document) -> None:\n"
                "        office.shred(document.document_id)\n\n"
                "    def accept(self, document: Document) -> None:\n"
                "        super().accept(document)\n"
            ),
        ),
    ),
)
_CHILDREN = (
    edit(
        "children get their arguments in another order",
        (_FLOWS, "for name in document.reviewers", "for name in sorted(document.reviewers, reverse=True)"),
        expects=Outcome.EFFECT,
    ),
    edit(
        "children are called in place",
        (
            _FLOWS,
            _ALL_AT_ONCE,
            "    return [review(document.document_id, name) for name in document.reviewers]\n",
        ),
        expects=Outcome.FAILS,
    ),
    edit(
        "children are started and awaited one by one",
        (
            _FLOWS,
            _ALL_AT_ONCE,
            (
                "    found = []\n    for name in document.reviewers:\n"
                "        found.append(DBOS.start_workflow(review, document.document_id, name).get_result())\n"
                "    return found\n"
            ),
        ),
        expects=Outcome.FAILS,
    ),
    edit("a child has another id", (_FLOWS, 'f"part-{document.document_id}"', 'f"first-{document.document_id}"')),
    edit(
        "a child takes another value",
        (_FLOWS, "review_part(document.document_id, 1)", "review_part(document.document_id, 2)"),
    ),
    edit(
        "a child makes another call first",
        (
            _FLOWS,
            "    opinion = office.ask(document_id, reviewer)\n",
            '    office.stamp(document_id, f"asked-{reviewer}")\n    opinion = office.ask(document_id, reviewer)\n',
        ),
        expects=Outcome.FAILS,
    ),
    edit(
        "a child's result class gets a field",
        (_DOCUMENTS, "    score: int\n", "    score: int\n    text: str\n"),
        (_OFFICE, "int(answer))", 'int(answer), "")'),
        expects=Outcome.FAILS,
    ),
    edit(
        "a child's result class gets a field with a default",
        (_DOCUMENTS, "    score: int\n", '    score: int\n    text: str = ""\n'),
    ),
    edit(
        "a child that is renamed",
        (_FLOWS, "@DBOS.workflow()\ndef review_part", '@DBOS.workflow(name="part")\ndef review_part'),
        expects=Outcome.FAILS,
    ),
)
_PATCHES = (
    edit(
        "a call is guarded by a patch",
        (_FLOWS, _ACCEPT, f'{_ACCEPT}    if DBOS.patch("copy"):\n        office.stamp(document.document_id, "copy")\n'),
        expects=Outcome.LONGER,
        is_intended=True,
    ),
    edit(
        "a call is inserted and guarded by a patch",
        (_FLOWS, _PATCH, f'    if DBOS.patch("early"):\n        office.stamp(document.document_id, "early")\n{_PATCH}'),
        expects=Outcome.NEW_WAY,
        is_intended=True,
    ),
    edit(
        "a patch is deprecated",
        (
            _FLOWS,
            '    if DBOS.patch("second-stamp"):\n        office',
            '    DBOS.deprecate_patch("second-stamp")\n    office',
        ),
        expects=Outcome.NEW_WAY,
        is_intended=True,
    ),
    edit(
        "a patch is dropped",
        (_FLOWS, _PATCH, '    office.stamp(document.document_id, "second")\n'),
        expects=Outcome.FAILS,
    ),
    edit("a patch is renamed", (_FLOWS, '"second-stamp"', '"stamp-again"'), expects=Outcome.FAILS),
    edit(
        "an unguarded call",
        (_FLOWS, _ACCEPT, f'    office.stamp(document.document_id, "third")\n{_ACCEPT}'),
        expects=Outcome.EFFECT,
    ),
)
_REFACTORINGS = (
    edit("a loop over a counter is named", (_FLOWS, "for _ in range(office", "for _attempt in range(office")),
    edit(
        "a list is named before it is returned",
        (
            _FLOWS,
            "    return [handle.get_result() for handle in handles]\n",
            "    found = [handle.get_result() for handle in handles]\n    return found\n",
        ),
    ),
    edit(
        "a factory is written with statements",
        (
            _FLOWS,
            "    return SecretDesk() if document.is_secret else Desk()\n",
            "    if document.is_secret:\n        return SecretDesk()\n    return Desk()\n",
        ),
    ),
    edit(
        "a condition is named",
        (_FLOWS, "    if office.is_long(document):\n", "    is_long = office.is_long(document)\n    if is_long:\n"),
    ),
    edit("a step's inside", (_OFFICE, "    return 300\n", "    return 600\n")),
)

APPLICATION = Application(
    name="approval",
    scenarios=SCENARIOS,
    edits=(*_VALUES, *_CLASSES, *_ERRORS, *_HOOKS, *_CHILDREN, *_PATCHES, *_REFACTORINGS),
)
