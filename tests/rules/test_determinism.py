"""What gives another answer on recovery is found wherever a workflow leads to it, and nowhere else."""

from pathlib import Path

from tests.rules.programs import assert_found, findings


def test_names_are_followed_through_imports_and_aliases(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        {
            "shop/__init__.py": "from shop.clock import now as shop_now\n",
            "shop/clock.py": "from time import time as now\n",
            "shop/flows.py": """\
                import datetime as dt
                from functools import partial
                from random import randint as roll
                from uuid import uuid4
                from dbos_typed import DBOS as D
                from shop import shop_now
                from shop.clock import *
                import shop.clock as c

                new_id = uuid4
                later = partial(roll, 1)


                @D.workflow()
                def flow() -> None:
                    shop_now()  # E: dbos-deterministic
                    now()  # E: dbos-deterministic
                    c.now()  # E: dbos-deterministic
                    new_id()  # E: dbos-deterministic
                    later(6)  # E: dbos-deterministic
                    dt.datetime.now(dt.UTC)  # E: dbos-deterministic
                """,
        },
    )


def test_a_local_name_hides_a_module(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        import random
        import time
        from dbos_typed import DBOS


        class Clock:
            def time(self) -> float:
                return 1.0


        @DBOS.workflow()
        def flow(time: Clock, values: list[int]) -> float:
            random = Clock()
            return time.time() + random.time()


        @DBOS.workflow()
        def other(open: object, id: str) -> str:
            input = str
            return input(open) + id
        """,
    )


def test_a_helper_is_reported_at_the_call_with_the_chain(tmp_path: Path) -> None:
    found = assert_found(
        tmp_path,
        {
            "flows.py": """\
                from dbos_typed import DBOS
                from ids import make_id


                @DBOS.workflow()
                def checkout() -> str:
                    order = make_id("o")  # E: dbos-deterministic
                    return order
                """,
            "ids.py": """\
                import uuid


                def make_id(prefix: str) -> str:
                    return prefix + fresh()


                def fresh() -> str:
                    return str(uuid.uuid4())
                """,
        },
    )
    (finding,) = found
    assert finding.text.startswith("`checkout` calls `make_id`, which calls `fresh`, which calls `uuid.uuid4()`: ")
    assert "@DBOS.step()" in finding.hint
    assert [(note.path, note.line) for note in finding.notes] == [("ids.py", 9)]


def test_steps_transactions_and_children_are_boundaries(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        import time
        from dbos_typed import DBOS

        retrying = DBOS.step(retries_allowed=True)


        def my_step(function):
            return DBOS.step()(function)


        @DBOS.step()
        def one() -> float:
            return time.time()


        @DBOS.transaction()
        def two() -> float:
            return time.time()


        @retrying
        def three() -> float:
            return time.time()


        @my_step
        def four() -> float:
            return time.time()


        def plain() -> float:
            return time.time()


        five = DBOS.step()(plain)


        class Shop:
            @staticmethod
            @DBOS.step()
            def six() -> float:
                return time.time()

            @DBOS.step()
            def seven(self) -> float:
                return time.time()

            @DBOS.workflow()
            def sell(self) -> float:
                return self.seven() + self.six()


        @DBOS.workflow()
        def child() -> float:
            return time.time()  # E: dbos-deterministic


        @DBOS.workflow()
        def parent(shop: Shop) -> float:
            DBOS.sleep(1)
            plain()  # E: dbos-deterministic
            return one() + two() + three() + four() + five() + Shop.six() + shop.seven() + child()
        """,
    )


def test_everything_that_runs_a_function_leads_to_it(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        import contextlib
        import functools
        import time
        import uuid
        from dataclasses import dataclass, field
        from dbos_typed import DBOS


        def stamp() -> float:
            return time.time()


        def apply(function, value):
            return function(value)


        def dated(text: str, clock=time.time, form=str) -> str:
            return text + form(clock())


        def timed(function):
            @functools.wraps(function)
            def wrapper(*args):
                started = time.perf_counter()
                return function(*args), started
            return wrapper


        @timed
        def fast() -> None: ...


        @contextlib.contextmanager
        def span():
            yield time.time()


        @dataclass
        class Order:
            name: str
            number: str = field(default_factory=lambda: str(uuid.uuid4()))


        class Base:
            def __init__(self) -> None:
                self.at = stamp()

            def age(self) -> float:
                return time.time() - self.at


        class Item(Base):
            @property
            def fresh(self) -> bool:
                return time.time() > 1

            @classmethod
            def make(cls) -> "Item":
                return cls()

            def age(self) -> float:
                return super().age()

            def __enter__(self) -> "Item":
                time.time()
                return self

            def __exit__(self, *_: object) -> None: ...

            def __call__(self) -> float:
                return time.time()


        class Calm:
            def age(self) -> float:
                return 0.0


        @DBOS.workflow()
        def flow(item: Item, calm: Calm, values: list[int]) -> None:
            sorted(values, key=lambda value: time.time())  # E: dbos-deterministic
            list(map(lambda value: stamp(), values))  # E: dbos-deterministic
            apply(lambda value: time.time(), 1)  # E: dbos-deterministic
            apply(str, 1)
            dated("a")  # E: dbos-deterministic
            dated("a", lambda: 1.0)
            dated("a", clock=lambda: 1.0)
            fast()  # E: dbos-deterministic
            with span():  # E: dbos-deterministic
                pass
            Order("a")  # E: dbos-deterministic
            Order("a", "b")
            Order("a", number="b")
            Item.make()  # E: dbos-deterministic
            item.age()  # E: dbos-deterministic
            DBOS.set_event("fresh", item.fresh)  # E: dbos-deterministic
            item()  # E: dbos-deterministic
            with item:  # E: dbos-deterministic
                pass
            calm.age()
            helper = stamp
            helper()  # E: dbos-deterministic
            DBOS.set_event("at", [stamp() for value in values])  # E: dbos-deterministic

            def inner() -> float:
                return time.time()  # E: dbos-deterministic

            def never() -> float:
                return time.time()

            inner()
        """,
    )


def test_a_decorator_inside_of_the_workflow_is_reported_and_one_outside_is_not(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        import functools
        import time
        from dbos_typed import DBOS


        def timed(function):
            @functools.wraps(function)
            def wrapper(*args):
                return function(*args), time.perf_counter()
            return wrapper


        @timed
        @DBOS.workflow()
        def fine() -> None: ...


        @DBOS.workflow()
        @timed  # E: dbos-deterministic
        def wrong() -> None: ...


        @DBOS.step()
        @timed
        def step() -> None: ...


        @timed
        @DBOS.step()
        def outside() -> None: ...


        @DBOS.workflow()
        def flow() -> None:
            step()
            outside()  # E: dbos-deterministic
        """,
    )


def test_comments_silence_the_line_and_every_chain_that_ends_there(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        import time
        import uuid
        from dbos_typed import DBOS


        def accepted() -> float:
            return time.time()  # dbos: ignore[dbos-deterministic]


        def other() -> float:
            return time.time()  # dbos: ignore[dbos-context]


        @DBOS.workflow()
        def flow() -> None:
            time.time()  # dbos: ignore
            time.time()  # dbos: ignore[dbos-deterministic]  because
            time.time()  # type: ignore[attr-defined, dbos-deterministic]
            time.time()  # dbos: ignore[dbos-context]  # E: dbos-deterministic
            accepted()
            other()  # E: dbos-deterministic
            print(  # dbos: ignore[dbos-deterministic]
                uuid.uuid4(),
            )
        """,
    )


def test_cycles_end_and_are_followed(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        import time
        from dbos_typed import DBOS


        def even(n: int) -> bool:
            return n == 0 or odd(n - 1)


        def odd(n: int) -> bool:
            time.time()
            return n != 0 and even(n - 1)


        def calm(n: int) -> int:
            return calm(n - 1)


        class Node:
            parent: "Node"

            def up(self) -> "Node":
                return self.parent.up()


        @DBOS.workflow()
        def flow(node: Node) -> None:
            even(3)  # E: dbos-deterministic
            calm(3)
            node.up()
        """,
    )


def test_findings_do_not_depend_on_the_order_of_questions(tmp_path: Path) -> None:
    files = {
        "a.py": "import b\nfrom dbos_typed import DBOS\n@DBOS.workflow()\ndef flow_a():\n    b.helper()\n",
        "b.py": "import a, time\nfrom dbos_typed import DBOS\ndef helper():\n    time.time()\n"
        "@DBOS.workflow()\ndef flow_b():\n    helper()\n    a.flow_a()\n",
    }
    one = findings(tmp_path / "one", files, modules=("a", "b"))
    other = findings(tmp_path / "other", files, modules=("b", "a"))
    assert sorted(one) == sorted(other)
    assert len(one) == 2
