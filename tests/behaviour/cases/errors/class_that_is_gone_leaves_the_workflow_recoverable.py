"""An exception or value whose class is gone is no other exception on replay: it is told, and the workflow waits."""

import sys
from dataclasses import dataclass
from typing import Any

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import PATIENCE_SECONDS, App


class GoneError(Exception):
    pass


@dataclass
class Gone:
    number: int


async def check(app: App) -> None:
    caught: list[Exception] = []

    @DBOS.step(name="fail")
    async def fail() -> None:
        raise GoneError("x")

    @DBOS.step(name="give")
    async def give() -> Any:
        return {"gone": Gone(1)}

    @DBOS.step(name="collect")
    async def collect() -> Any:
        return [GoneError("y")]

    @DBOS.step(name="chain")
    async def chain() -> None:
        raise ValueError("a") from GoneError("b")

    @DBOS.workflow(name="ending")
    async def ending() -> None:
        raise GoneError("z")

    @DBOS.workflow()
    async def flow(kind: str) -> str:
        try:
            match kind:
                case "fail":
                    await fail()
                case "chain":
                    await chain()
                case "give":
                    return repr(await give())
                case "collect":
                    return repr(await collect())
                case "receive":
                    return repr(await DBOS.recv_async("gone", timeout_seconds=20))
                case _:
                    await ending()
        except ValueError as chained:
            return f"chained {type(chained.__cause__).__name__}"
        except GoneError as gone:
            return f"gone {gone}"
        except Exception as other:
            caught.append(other)
            return "other"
        return "nothing"

    module = sys.modules[__name__]
    for kind in ("fail", "chain", "give", "collect", "receive", "child", "late child"):
        with SetWorkflowID(kind):
            handle = await DBOS.start_workflow_async(flow, kind)
        if kind == "receive":
            await DBOS.send_async(kind, {"a": Gone(2)}, "gone")
        live = await handle.get_result()
        assert "other" not in live
        # The outcome of the late child is not recorded yet.
        app.rewind(kind, keep=1 if kind == "late child" else 2)
        hidden = {name: vars(module).pop(name) for name in ("GoneError", "Gone")}
        names = {each: each.__qualname__ for each in hidden.values()}
        for each in names:
            each.__qualname__ = f"Moved{each.__qualname__}"
        try:
            await app.recover_in_vain_async(kind)
        finally:
            vars(module).update(hidden)
            for each, name in names.items():
                each.__qualname__ = name
        for told in caught:
            assert isinstance(told, error.DBOSUnexpectedStepError)
            assert told.is_unreadable
            assert "Gone" in str(told)
        caught.clear()
        assert await app.recovered_result_async(kind) == live
