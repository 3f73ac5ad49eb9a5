"""Modules that are written against the package dbos."""

from pathlib import Path

import pytest

from dbos_gen.contract.comparison.changes import Verdict, differences, worst
from dbos_gen.generate import pipeline
from dbos_gen.sources.config import ConfigError, load
from dbos_gen.vocabulary.contracts import Block, Call, Choice, Contracts, Loop, Opaque, Patch, Skeleton
from dbos_gen.vocabulary.runtimes import VOCABULARIES
from dbos_typed import DBOS
from tests.codegen.projects import CONFIG, WORKFLOWS, write_project

_PEER = """\
from dbos import DBOS


@DBOS.workflow()
def checkout(order_id: str) -> int:
    DBOS.set_event("progress", 1)
    DBOS.start_workflow(checkout, "again")
    queue = DBOS.register_queue("orders")
    queue.enqueue(checkout, "later").get_result()
    return 1
"""


def test_references_come_with_their_own_bases(tmp_path: Path) -> None:
    config = load(write_project(tmp_path, {"shop/workflows.py": _PEER}, config=f'{CONFIG}runtime = "dbos"\n'))
    result = pipeline.generate(config)
    assert result.diagnostics == ()
    assert sorted(path.name for path in config.output_folder.iterdir()) == [
        "__init__.py",
        "_dbos_refs.py",
        "py.typed",
        "workflows.py",
        "workflows.pyi",
    ]
    assert "import shop.generated._dbos_refs as _refs\n" in (config.output_folder / "workflows.py").read_text()
    stub = (config.output_folder / "workflows.pyi").read_text()
    assert "    def start(self, order_id: str) -> CheckoutHandle: ...\n" in stub
    assert "from shop.generated._dbos_refs import WorkflowHandle as _WorkflowHandle\n" in stub
    for file in config.output_folder.iterdir():
        assert "dbos_typed" not in file.read_text()


def test_the_lock_file_knows_the_calls(tmp_path: Path) -> None:
    config = load(write_project(tmp_path, {"shop/workflows.py": _PEER}, config=f'{CONFIG}runtime = "dbos"\n'))
    contract = pipeline.scan(config).contracts.workflows["checkout"]
    assert [getattr(call, "name", call) for call in contract.calls] == [
        "DBOS.setEvent",
        "checkout",
        "checkout",
        "DBOS.getResult",
    ]


@pytest.mark.parametrize(("source", "runtime"), [(_PEER, "dbos_typed"), (WORKFLOWS, "dbos")])
def test_workflows_of_the_other_runtime_are_not_taken_for_ones_of_this(
    tmp_path: Path, source: str, runtime: str
) -> None:
    config = load(write_project(tmp_path, {"shop/workflows.py": source}, config=f'{CONFIG}runtime = "{runtime}"\n'))
    assert [found.code for found in pipeline.generate(config).diagnostics] == ["DG006"]


def test_an_unknown_runtime_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="`runtime` is 'celery'; give one of dbos_typed, dbos"):
        load(write_project(tmp_path, config=f'{CONFIG}runtime = "celery"\n'))


_STORAGE = """\
from dbos import DBOS, AsyncSQLAlchemyDatasource, Debouncer, SQLAlchemyDatasource, StepOptions

datasource = SQLAlchemyDatasource.create("sqlite:///shop.db")
later: AsyncSQLAlchemyDatasource | None = None
RETRIED: StepOptions = {"name": "charge-card", "retries_allowed": True}


def connect() -> SQLAlchemyDatasource: ...


other = connect()


@datasource.transaction
def reserve(order_id: str) -> bool: ...


@datasource.transaction(name="release-stock", isolation_level="READ COMMITTED")
def release(order_id: str) -> None: ...


@other.transaction()
def archive(order_id: str) -> None: ...


def load(order_id: str) -> list[str]: ...
"""

_SHOP = """\
from datetime import datetime

import requests
from dbos import DBOS, EnqueueOptions, Queue, SetWorkflowID

from shop.storage import RETRIED, archive, datasource, later, load, other, release, reserve


def charge(order_id: str) -> int: ...


class Gateway:
    def refund(self, order_id: str) -> int: ...


@DBOS.step(retries_allowed=True)
def notify(order_id: str) -> None: ...


@DBOS.workflow()
def ship(order_id: str) -> int: ...


@DBOS.workflow()
async def report(order_id: str) -> int: ...


@DBOS.workflow()
def nightly(at: datetime, context: object) -> None:
    DBOS.pause_schedule("nightly")


def retried(function, order_id: str):
    return DBOS.run_step({"name": None, "max_attempts": 5}, function, order_id)


@DBOS.workflow()
def checkout(order_id: str) -> int:
    if not reserve(order_id):
        release(order_id)
        return 0
    paid = DBOS.run_step(RETRIED, charge, order_id)
    DBOS.run_step(None, lambda: print(order_id))
    DBOS.run_step({"name": "fetch"}, requests.get, "https://example.com")
    DBOS.run_step(None, requests.post, "https://example.com")
    retried(Gateway().refund, order_id)
    retried(charge, order_id)

    def local() -> None: ...

    DBOS.run_step(None, local)
    datasource.run_tx_step({"name": "read"}, load, order_id)
    other.run_tx_step(None, load, order_id)
    archive(order_id)
    notify(order_id)
    with SetWorkflowID(f"ship-{order_id}"):
        handle = DBOS.enqueue_workflow("shipping", ship, order_id)
    DBOS.retrieve_queue("shipping").enqueue(ship, order_id)
    options: EnqueueOptions = {"workflow_name": "elsewhere", "queue_name": "remote"}
    DBOS.enqueue_workflow_with_options(options, order_id)
    DBOS.wait_first([handle])
    DBOS.get_result("some-id")
    DBOS.send_bulk([])
    DBOS.set_workflow_delay("some-id", 5)
    DBOS.create_schedule(schedule_name="nightly", workflow_fn=nightly, schedule="0 0 * * *")
    if DBOS.patch(patch_name="streams"):
        for value in DBOS.read_stream("some-id", "lines"):
            DBOS.logger.info(value)
    return handle.get_result()


@DBOS.workflow()
async def gather(order_id: str, queue: Queue | None) -> None:
    await later.run_tx_step_async(None, load, order_id)
    await DBOS.run_step_async({"name": "a"}, charge, order_id)
    reserved = DBOS.reserve_step()
    await reserved.run_async({"name": "b"}, charge, order_id)
    await DBOS.enqueue_workflow_async("reports", report, order_id)
    await queue.enqueue_async(report, order_id)
    await DBOS.asyncio_wait([])
    await DBOS.list_schedules_async()
    await DBOS.rewind_workflow_async("some-id", 3)
"""


def _dbos_3(folder: Path, source: str = _SHOP) -> Contracts:
    files = {"shop/storage.py": _STORAGE, "shop/workflows.py": source}
    config = load(write_project(folder, files, config=f'{CONFIG}runtime = "dbos"\n'))
    found = pipeline.scan(config)
    assert [each.text for each in found.diagnostics if each.code == "DG017"] == []
    return found.contracts


def _shown(skeleton: Skeleton) -> list[str]:
    """Return the calls, however deep, in order."""
    shown: list[str] = []
    for node in skeleton:
        match node:
            case Call(kind=kind, name=name, about=about, result=result):
                notes = [note for note in (about, f"-> {result}" if result else "") if note]
                shown.append(" ".join([kind.value, name, *notes]))
            case Choice(arms=arms):
                shown.extend(call for _, arm in arms for call in _shown(arm))
            case Loop(body=body) | Block(body=body):
                shown.extend(_shown(body))
            case Patch(name=name, then=then):
                shown.extend([f"patch {name}", *_shown(then)])
            case Opaque(text=text):
                shown.append(f"? {text}")
            case _:
                pass
    return shown


def test_code_of_dbos_3_has_every_call_in_the_lock(tmp_path: Path) -> None:
    contracts = _dbos_3(tmp_path)
    assert _shown(contracts.workflows["checkout"].calls) == [
        "transaction reserve -> bool",
        "transaction release-stock -> None",
        "step charge-card -> int",
        "step checkout.<locals>.<lambda>",
        "step fetch",
        "step post",
        "step Gateway.refund -> int",
        "step charge -> int",
        "step checkout.<locals>.local -> None",
        "transaction read -> list[str]",
        "transaction load -> list[str]",
        "transaction archive -> None",
        "step notify -> None",
        "start ship shipping",
        "start ship",
        "start elsewhere remote",
        "operation DBOS.waitFirst",
        "operation DBOS.getResult",
        "operation DBOS.send_bulk",
        "operation DBOS.setWorkflowDelay",
        "operation DBOS.createSchedule nightly",
        "patch streams",
        "operation DBOS.readStream lines",
        "operation DBOS.getResult",
    ]
    assert _shown(contracts.workflows["gather"].calls) == [
        "transaction load -> list[str]",
        "step a -> int",
        "step b -> int",
        "start report reports",
        "start report",
        "operation DBOS.asyncio_wait",
        "operation DBOS.listSchedules",
        "operation DBOS.rewindWorkflow",
    ]
    assert _shown(contracts.workflows["nightly"].calls) == ["operation DBOS.pauseSchedule nightly"]


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ("DBOS.run_step(RETRIED, charge, order_id)", "DBOS.run_step(None, charge, order_id)", Verdict.BREAKS),
        ("datasource.run_tx_step(", "0, datasource.run_tx_step(", None),
        ("    other.run_tx_step(None, load, order_id)\n", "", Verdict.BREAKS),
        ("    archive(order_id)\n", "    release(order_id)\n", Verdict.BREAKS),
        ('"shipping", ship', '"express", ship', Verdict.SAFE),
        ('"shipping", ship', '"shipping", report', Verdict.BREAKS),
        ("    DBOS.wait_first([handle])\n", "", Verdict.BREAKS),
        ('"workflow_name": "elsewhere"', '"workflow_name": "anywhere"', Verdict.BREAKS),
        ("    DBOS.create_schedule(", "    DBOS.sleep(1)\n    DBOS.create_schedule(", Verdict.BREAKS),
        ('    DBOS.pause_schedule("nightly")\n', '    DBOS.resume_schedule("nightly")\n', Verdict.BREAKS),
    ],
)
def test_edits_of_code_of_dbos_3_are_noticed(tmp_path: Path, before: str, after: str, verdict: Verdict | None) -> None:
    assert before in _SHOP
    old, new = _dbos_3(tmp_path), _dbos_3(tmp_path, _SHOP.replace(before, after, 1))
    changes = differences(old, new)
    assert (worst(changes) if changes else None) is verdict


def test_operations_that_are_not_known_are_told_once_each(tmp_path: Path) -> None:
    source = """\
from dbos import DBOS


def helper() -> None:
    DBOS.teleport("a")


@DBOS.workflow()
async def checkout(order_id: str) -> int:
    helper()
    DBOS.teleport("b")
    await DBOS.vanish_async()
    DBOS.logger.info(DBOS.workflow_id)
    return 1
"""
    config = load(write_project(tmp_path, {"shop/workflows.py": source}, config=f'{CONFIG}runtime = "dbos"\n'))
    found = pipeline.scan(config)
    assert [(each.code, each.line, each.text.partition(",")[0]) for each in found.diagnostics] == [
        ("DG017", 5, "`DBOS.teleport` is not known to this dbos-gen"),
        ("DG017", 12, "`DBOS.vanish_async` is not known to this dbos-gen"),
    ]
    calls = found.contracts.workflows["checkout"].calls
    assert _shown(calls) == ["? DBOS.teleport", "? DBOS.teleport", "? DBOS.vanish_async"]


def test_everything_public_of_the_runtimes_is_known() -> None:
    public = {
        "dbos_typed": {name for name in dir(DBOS) if not name.startswith("_")},
        "dbos": set(_DBOS_3.split()),
    }
    for runtime, names in public.items():
        vocabulary = VOCABULARIES[runtime]
        assert [name for name in sorted(names) if vocabulary.is_unknown(vocabulary.known(f"DBOS.{name}"))] == []


# The attributes of DBOS in dbos 3.4, without those that differ by `_async` only.
_DBOS_3 = """
alert_handler application_version apply_schedules assumed_role asyncio_wait authenticated_roles authenticated_user
backfill_schedule cancel_workflow cancel_workflows close_stream create_schedule dbos_class default_required_roles
delete_queue delete_schedule delete_workflow delete_workflows deprecate_patch destroy enqueue_workflow
enqueue_workflow_with_options executor_id fork_workflow get_all_events get_event get_latest_application_version
get_result get_schedule get_workflow_status kafka_consumer launch list_application_versions list_queued_workflows
list_queues
list_schedules list_workflow_steps list_workflows listen_queues logger migrate patch pause_schedule read_stream
read_stream_offset recv register_queue required_roles reserve_step reset_system_database resume_schedule resume_workflow
resume_workflows retrieve_queue retrieve_workflow rewind_workflow run_step send send_bulk set_authentication set_event
set_latest_application_version set_workflow_delay shard_key sleep span start_workflow step step_id step_status tracer
trigger_schedule update_workflow_attributes wait_first workflow workflow_id write_stream
"""
