"""What blocks the event loop of a coroutine workflow is found, and coroutines that nobody awaits."""

from pathlib import Path

import pytest

from tests.rules.programs import assert_found


@pytest.mark.parametrize(
    "call",
    [
        "send('w', 1)", "recv('t')", "set_event('k', 1)", "get_event('w', 'k')", "sleep(1)", "start_workflow(child)",
        "retrieve_workflow('w')", "get_workflow_status('w')", "list_workflows()", "cancel_workflow('w')",
        "resume_workflow('w')", "restart_workflow('w')", "fork_workflow('w', 1)", "write_stream('s', 1)",
        "close_stream('s')", "patch('p')",
    ],
)  # fmt: skip
def test_every_blocking_form_is_found_in_a_coroutine_workflow_only(call: str, tmp_path: Path) -> None:
    name = call.split("(", maxsplit=1)[0]
    found = assert_found(
        tmp_path,
        f"""\
        from dbos_typed import DBOS


        @DBOS.workflow()
        async def child() -> None: ...


        @DBOS.workflow()
        def blocking() -> None:
            DBOS.{call}


        @DBOS.workflow()
        async def coroutine() -> None:
            DBOS.{call}  # E: dbos-async
            await DBOS.{call.replace("(", "_async(", 1)}


        async def handler() -> None:
            DBOS.send("w", 1)
        """,
    )
    assert f"await DBOS.{name}_async(" in found[0].hint


def test_handles_and_queues(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        from dbos_typed import DBOS, Queue, WorkflowHandle, WorkflowHandleAsync

        queue = Queue("q")


        @DBOS.workflow()
        async def child() -> int:
            return 1


        @DBOS.workflow()
        async def flow(given: WorkflowHandle[int], good: WorkflowHandleAsync[int]) -> int:
            given.get_result()  # E: dbos-async
            given.get_status()  # E: dbos-async
            queue.enqueue(child)  # E: dbos-async
            print(given.workflow_id)
            handle = await queue.enqueue_async(child)
            other = await DBOS.start_workflow_async(child)
            await other.get_result()
            return await handle.get_result() + await good.get_result()


        @DBOS.workflow()
        def blocking(given: WorkflowHandle[int]) -> int:
            queue.enqueue(child)
            return given.get_result()
        """,
    )


def test_helpers_nested_functions_and_threads(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        import asyncio
        from dbos_typed import DBOS


        def notify() -> None:
            DBOS.set_event("k", 1)


        async def look() -> object:
            return DBOS.get_event("w", "k")


        async def tell() -> None:
            DBOS.set_event("k", 1)  # E: dbos-async


        @DBOS.workflow()
        async def flow() -> None:
            notify()  # E: dbos-async
            await look()  # E: dbos-async
            await tell()

            async def inner() -> None:
                DBOS.sleep(1)  # E: dbos-async

            def threaded() -> None:
                DBOS.sleep(1)

            await asyncio.gather(inner())
            await asyncio.to_thread(threaded)  # dbos: ignore[dbos-deterministic]


        @DBOS.workflow()
        def blocking() -> None:
            notify()


        @DBOS.step()
        async def step() -> None:
            DBOS.send("w", 1)
        """,
    )


def test_blocking_workflows_are_not_started_as_coroutines(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        from dbos_typed import DBOS, Queue

        queue = Queue("q")


        @DBOS.workflow()
        def blocking() -> None: ...


        @DBOS.workflow()
        async def coroutine() -> None: ...


        async def main() -> None:
            await DBOS.start_workflow_async(blocking)  # E: dbos-async
            await queue.enqueue_async(blocking)  # E: dbos-async
            await DBOS.start_workflow_async(coroutine)
            DBOS.start_workflow(coroutine)
        """,
    )


def test_coroutines_that_nobody_awaits(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        import asyncio
        from dbos_typed import DBOS, DBOSConfiguredInstance


        @DBOS.step()
        async def step() -> bool:
            return True


        async def plain() -> None: ...


        class Shop(DBOSConfiguredInstance):
            @DBOS.step()
            async def charge(self) -> None: ...

            @DBOS.workflow()
            async def sell(self) -> None:
                self.charge()  # E: dbos-async
                await self.charge()


        @DBOS.workflow()
        async def flow(shop: Shop) -> bool:
            step()  # E: dbos-async
            DBOS.sleep_async(1)  # E: dbos-async
            shop.sell()  # E: dbos-async
            DBOS.start_workflow_async(flow, shop)  # E: dbos-async
            plain()  # E: dbos-async
            unused = step()  # E: dbos-async
            if step():  # E: dbos-async
                pass
            if not step():  # E: dbos-async
                pass
            asyncio.gather(step(), step())  # E: dbos-async
            later = step()
            handle = await DBOS.start_workflow_async(flow, shop)
            handle.get_result()  # E: dbos-async
            tasks = [step() for _ in range(3)]
            task = asyncio.create_task(step())
            given = step()

            async def inner() -> None:
                await given

            await asyncio.gather(*tasks, task, inner())
            return await later


        def blocking() -> None:
            DBOS.send_async("w", 1)  # E: dbos-async


        async def elsewhere() -> None:
            plain()
            step()  # E: dbos-async
        """,
    )


def test_comments_silence(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        from dbos_typed import DBOS


        def notify() -> None:
            DBOS.set_event("k", 1)  # dbos: ignore[dbos-async]


        @DBOS.workflow()
        async def flow() -> None:
            notify()
            DBOS.sleep(1)  # dbos: ignore
            DBOS.sleep_async(1)  # type: ignore[dbos-async]
        """,
    )
