"""Operations are found where the runtime refuses them, in the place where they are called from."""

from pathlib import Path

import pytest

from tests.rules.programs import assert_found


@pytest.mark.parametrize(
    "call",
    ["DBOS.recv('t')", "DBOS.sleep(1)", "DBOS.set_event('k', 1)", "DBOS.patch('p')", "DBOS.deprecate_patch('p')"],
)
def test_what_only_workflows_may_call(call: str, tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        f"""\
        from dbos_typed import DBOS

        {call}  # E: dbos-context


        def helper() -> None:
            {call}


        @DBOS.workflow()
        def workflow() -> None:
            {call}
            helper()


        @DBOS.step()
        def step() -> None:
            {call}  # E: dbos-context
            helper()  # E: dbos-context


        @DBOS.transaction()
        def transaction() -> None:
            {call}  # E: dbos-context


        if __name__ == "__main__":
            helper()  # E: dbos-context
        """,
    )


def test_starting_and_calling_workflows(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        from dbos_typed import DBOS, DBOSClient, Queue, SetWorkflowID

        queue = Queue("q")


        @DBOS.workflow()
        def child() -> None: ...


        @DBOS.workflow()
        async def async_child() -> None: ...


        class Shop:
            @DBOS.workflow()
            def sell(self) -> None: ...


        @DBOS.step()
        def step(shop: Shop, given: Queue, client: DBOSClient) -> None:
            DBOS.start_workflow(child)  # E: dbos-context
            child()  # E: dbos-context
            shop.sell()  # E: dbos-context
            queue.enqueue(child)  # E: dbos-context
            given.enqueue(child)  # E: dbos-context
            client.enqueue({"workflow_name": "child", "queue_name": "q"})
            DBOS.retrieve_workflow("w").get_result()
            DBOS.cancel_workflow("w")
            DBOS.send("w", 1)


        @DBOS.step()
        async def async_step() -> None:
            await DBOS.start_workflow_async(async_child)  # E: dbos-context
            await queue.enqueue_async(async_child)  # E: dbos-context
            await async_child()  # E: dbos-context


        @DBOS.transaction()
        def transaction() -> None:
            DBOS.start_workflow(child)  # E: dbos-context


        @DBOS.workflow()
        def workflow(shop: Shop) -> None:
            DBOS.start_workflow(child)
            child()
            queue.enqueue(child)


        def handler() -> None:
            with SetWorkflowID("w"):
                DBOS.start_workflow(child)
                child()
        """,
    )


def test_transactions(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        from sqlalchemy.orm import Session
        from dbos_typed import DBOS, WorkflowHandle


        def save(session: Session) -> None:
            session.commit()


        def add(session: Session) -> None:
            session.add(1)


        def query() -> None:
            DBOS.sql_session.execute("x")


        @DBOS.transaction()
        def other() -> None:
            query()


        @DBOS.transaction()
        def store(handle: WorkflowHandle[int], own: Session) -> None:
            DBOS.sql_session.commit()  # E: dbos-context
            session = DBOS.sql_session
            session.rollback()  # E: dbos-context
            typed: Session = DBOS.sql_session
            typed.close()  # E: dbos-context
            save(DBOS.sql_session)  # E: dbos-context
            add(DBOS.sql_session)
            own.commit()
            with DBOS.sql_session.begin_nested():
                DBOS.sql_session.flush()
            DBOS.send("w", 1)  # E: dbos-context
            DBOS.get_event("w", "k")  # E: dbos-context
            DBOS.cancel_workflow("w")  # E: dbos-context
            handle.get_result()  # E: dbos-context
            other()


        @DBOS.step()
        def step() -> None:
            other()  # E: dbos-context
            query()  # E: dbos-context


        @DBOS.workflow()
        def workflow() -> None:
            other()
            query()  # E: dbos-context
            DBOS.sql_session.execute("x")  # E: dbos-context
        """,
    )


def test_streams(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        from dbos_typed import DBOS


        @DBOS.step()
        def step() -> None:
            DBOS.write_stream("s", 1)
            list(DBOS.read_stream("w", "s"))


        @DBOS.transaction()
        def transaction() -> None:
            DBOS.write_stream("s", 1)  # E: dbos-context


        @DBOS.workflow()
        def workflow() -> None:
            DBOS.write_stream("s", 1)
            DBOS.close_stream("s")
            for value in DBOS.read_stream("w", "s"):  # E: dbos-context
                print(value)


        for value in DBOS.read_stream("w", "s"):
            DBOS.close_stream("s")  # E: dbos-context
        """,
    )


def test_the_call_in_the_step_is_reported_however_many_modules_lie_between(tmp_path: Path) -> None:
    found = assert_found(
        tmp_path,
        {
            "asking.py": """\
                from dbos_typed import DBOS


                def ask(topic: str) -> object:
                    return DBOS.recv(topic)
                """,
            "middle.py": "from asking import ask\n\n\ndef twice() -> None:\n    ask('a')\n    ask('b')\n",
            "flows.py": """\
                from dbos_typed import DBOS
                import middle


                @DBOS.workflow()
                def workflow() -> None:
                    middle.twice()


                @DBOS.step()
                def step() -> None:
                    middle.twice()  # E: dbos-context
                """,
        },
    )
    (finding,) = found
    assert finding.text == (
        "`step` calls `twice`, which calls `ask`, which calls `DBOS.recv()`: "
        "that works in a workflow only, and `step` is a step"
    )
    assert [(note.path, note.line) for note in finding.notes] == [("asking.py", 5)]


def test_methods_of_bases_and_nested_functions(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        from dbos_typed import DBOS, DBOSConfiguredInstance


        class Base:
            def progress(self, percent: int) -> None:
                DBOS.set_event("progress", percent)


        class Shop(Base, DBOSConfiguredInstance):
            @DBOS.step()
            def charge(self) -> None:
                self.progress(1)  # E: dbos-context
                super().progress(2)  # E: dbos-context

                def inner() -> None:
                    DBOS.sleep(1)  # E: dbos-context

                inner()
                list(map(lambda value: DBOS.recv(), [1]))  # E: dbos-context

            @DBOS.workflow()
            def sell(self) -> None:
                self.progress(1)
                self.charge()

            @classmethod
            @DBOS.step()
            def total(cls) -> None:
                DBOS.recv()  # E: dbos-context

            @staticmethod
            @DBOS.transaction()
            def store() -> None:
                DBOS.recv()  # E: dbos-context
        """,
    )


def test_handlers_of_frameworks_and_tests_are_outside_of_workflows(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        {
            "web.py": """\
                from fastapi import APIRouter, FastAPI
                import typer
                from dbos_typed import DBOS

                app = FastAPI()
                router = APIRouter()
                cli = typer.Typer()


                def ask() -> object:
                    return DBOS.recv("t")


                @app.get("/a")
                def read() -> object:
                    DBOS.set_event("k", 1)  # E: dbos-context
                    return ask()  # E: dbos-context


                @router.post("/b")
                async def write() -> None:
                    await DBOS.sleep_async(1)  # E: dbos-context


                @cli.command()
                def run() -> None:
                    print(DBOS.workflow_id)  # E: dbos-context
                    print(DBOS.sql_session)  # E: dbos-context


                @app.get("/c")
                @DBOS.workflow()
                def fine() -> object:
                    print(DBOS.workflow_id)
                    return ask()
                """,
            "test_web.py": """\
                from dbos_typed import DBOS


                def test_it() -> None:
                    DBOS.recv("t")  # E: dbos-context
                """,
        },
    )


def test_what_only_the_module_runs_is_reported_where_it_stands(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        import asyncio
        from dbos_typed import DBOS


        def ask() -> object:
            return DBOS.recv("t")


        @DBOS.workflow()
        def workflow() -> None:
            ask()


        def main() -> None:
            DBOS.launch()
            DBOS.sleep(1)  # E: dbos-context
            ask()  # E: dbos-context


        async def serve() -> None:
            await DBOS.recv_async("t")  # E: dbos-context


        if __name__ == "__main__":
            main()
            asyncio.run(serve())
        """,
    )


def test_a_scheduled_workflow_is_a_workflow(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        from datetime import datetime
        from dbos_typed import DBOS


        @DBOS.scheduled("* * * * *")
        @DBOS.workflow()
        def tick(scheduled: datetime, actual: datetime) -> None:
            DBOS.sleep(1)
            DBOS.set_event("at", 1)
        """,
    )


def test_comments_silence_the_call_and_the_operation(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        from dbos_typed import DBOS


        def ask() -> object:
            return DBOS.recv("t")  # dbos: ignore[dbos-context]


        @DBOS.step()
        def step() -> None:
            ask()
            DBOS.sleep(1)  # dbos: ignore[dbos-context]
            DBOS.sleep(1)  # type: ignore[dbos-context]
            DBOS.sleep(1)  # type: ignore[dbos-async]  # E: dbos-context
        """,
    )


def test_references_of_generated_code_start_workflows(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        {
            "generated/__init__.py": "",
            "generated/flows.py": """\
                import dbos_typed.api.refs as _refs

                checkout = _refs.WorkflowRef(module="flows", qualname="checkout", name="checkout", handle=object)
                ship = _refs.WorkflowRefAsync(module="flows", qualname="ship", name="ship", handle=object)
                """,
            "app.py": """\
                from dbos_typed import DBOS, Queue
                from generated.flows import checkout, ship

                queue = Queue("q")


                @DBOS.step()
                async def step() -> None:
                    checkout.start(1)  # E: dbos-context
                    checkout.enqueue(queue, 1)  # E: dbos-context
                    await ship.start(1)  # E: dbos-context
                    checkout.retrieve("w").get_result()


                @DBOS.workflow()
                def workflow() -> None:
                    checkout.start(1)


                @DBOS.workflow()
                async def coroutine() -> None:
                    checkout.start(1)  # E: dbos-async
                    await ship.start(1)
                    ship.start(1)  # E: dbos-async
                """,
        },
    )
