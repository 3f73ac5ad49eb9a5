"""A step, a transaction or a plain function where a workflow is needed is found when it is certain."""

from pathlib import Path

from tests.rules.programs import assert_found


def test_what_is_no_workflow(tmp_path: Path) -> None:
    found = assert_found(
        tmp_path,
        {
            "steps.py": """\
                from dbos_typed import DBOS


                @DBOS.step()
                def step() -> None: ...
                """,
            "app.py": """\
                import functools
                from dbos_typed import DBOS, Queue, Workflow
                from steps import step
                import steps

                queue = Queue("q")


                @DBOS.workflow()
                def flow() -> None: ...


                @DBOS.transaction()
                def transaction() -> None: ...


                def plain() -> None: ...


                class Shop:
                    @DBOS.workflow()
                    def sell(self) -> None: ...

                    @DBOS.step()
                    def charge(self) -> None: ...


                def begin(workflow: Workflow[..., None], name: str) -> None:
                    DBOS.start_workflow(workflow)


                async def main(shop: Shop, given: object) -> None:
                    DBOS.start_workflow(step)  # E: dbos-workflow
                    DBOS.start_workflow(steps.step)  # E: dbos-workflow
                    DBOS.start_workflow(transaction)  # E: dbos-workflow
                    DBOS.start_workflow(plain)  # E: dbos-workflow
                    DBOS.start_workflow(lambda: None)  # E: dbos-workflow
                    DBOS.start_workflow(Shop)  # E: dbos-workflow
                    DBOS.start_workflow(shop.charge)  # E: dbos-workflow
                    DBOS.start_workflow(functools.partial(flow))  # E: dbos-workflow
                    DBOS.start_workflow(len)  # E: dbos-workflow
                    await DBOS.start_workflow_async(step)  # E: dbos-workflow
                    queue.enqueue(plain)  # E: dbos-workflow
                    DBOS.retrieve_workflow("w", workflow=step)  # E: dbos-workflow
                    DBOS.fork_workflow("w", 1, workflow=plain)  # E: dbos-workflow
                    begin(step, "a")  # E: dbos-workflow
                    begin(flow, "a")
                    DBOS.start_workflow(flow)
                    DBOS.start_workflow(shop.sell)
                    DBOS.start_workflow(Shop.sell, shop)
                    DBOS.start_workflow(given)
                    DBOS.retrieve_workflow("w", workflow=flow)
                """,
        },
    )
    assert "`step` is a step" in found[0].text


def test_what_may_be_a_workflow_is_not_reported(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        import functools
        from dbos_typed import DBOS

        import somewhere


        def logged(function):
            @functools.wraps(function)
            def wrapper(*args):
                return function(*args)
            return wrapper


        def durable(function):
            return DBOS.workflow()(function)


        @durable
        def one() -> None: ...


        @logged
        @DBOS.workflow()
        def two() -> None: ...


        @somewhere.workflow
        def three() -> None: ...


        def body() -> None: ...


        four = DBOS.workflow()(body)
        five = logged(two)
        FLOWS = {"a": two}


        def main(name: str) -> None:
            for flow in (one, two):
                DBOS.start_workflow(flow)
            DBOS.start_workflow(one)
            DBOS.start_workflow(two)
            DBOS.start_workflow(three)
            DBOS.start_workflow(four)
            DBOS.start_workflow(five)
            DBOS.start_workflow(FLOWS[name])
            DBOS.start_workflow(two if name else four)
        """,
    )
