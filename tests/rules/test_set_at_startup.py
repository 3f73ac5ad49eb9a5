"""Variables of modules that are set once, when the program starts, and those that are set again."""

from pathlib import Path

from tests.rules.programs import assert_found, findings


def test_what_a_server_sets_when_it_starts_stays(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        {
            "app.py": """\
                import asyncio
                import bridge
                from fastapi import FastAPI
                from contextlib import asynccontextmanager
                from dbos_typed import DBOS

                @asynccontextmanager
                async def lifespan(app: FastAPI):
                    bridge.set_loop(asyncio.get_running_loop())
                    bridge.configure({"a": "b"})
                    DBOS.launch()
                    yield

                app = FastAPI(lifespan=lifespan)

                @DBOS.step()
                def work(name: str) -> str:
                    return name

                @DBOS.workflow()
                def flow() -> str:
                    loop = bridge.get_loop()
                    return work(bridge.setting("model"))

                @app.post("/run")
                def run() -> None:
                    DBOS.start_workflow(flow)
                """,
            "bridge.py": """\
                import asyncio

                _loop: asyncio.AbstractEventLoop | None = None
                _settings: dict[str, str] = {}

                def set_loop(loop: asyncio.AbstractEventLoop) -> None:
                    global _loop
                    _loop = loop

                def get_loop() -> asyncio.AbstractEventLoop:
                    if _loop is None:
                        raise RuntimeError("no loop")
                    return _loop

                def configure(values: dict[str, str]) -> None:
                    _settings.update(values)

                def setting(name: str) -> str:
                    return _settings[name]
                """,
        },
    )


def test_what_the_main_function_sets_stays(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        {
            "app.py": """\
                import argparse
                from dbos_typed import DBOS

                VERBOSE = False
                CONFIG = None
                MODEL: str = "small"

                class Config:
                    region = "eu"

                def init(model: str) -> None:
                    global CONFIG, MODEL
                    CONFIG = Config()
                    MODEL = model
                    Config.region = "us"

                @DBOS.step()
                def ask(model: str, region: str) -> str:
                    return model

                @DBOS.workflow()
                def flow() -> str:
                    if VERBOSE:
                        print("x")
                    return ask(MODEL, Config.region)

                def main() -> None:
                    global VERBOSE
                    args = argparse.ArgumentParser().parse_args()
                    VERBOSE = args.verbose
                    init("large")
                    DBOS.launch()
                    flow()

                if __name__ == "__main__":
                    main()
                """,
        },
    )


def test_what_a_request_a_step_or_a_loop_sets_changes(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        {
            "app.py": """\
                from fastapi import FastAPI
                from dbos_typed import DBOS

                app = FastAPI()
                PAUSED = False
                LIMIT = 10
                COUNT = 0
                LAST = ""
                MODE = "a"

                @app.post("/pause")
                def pause() -> None:
                    global PAUSED
                    PAUSED = True

                @app.post("/limit")
                def limit(value: int) -> None:
                    _set_limit(value)

                def _set_limit(value: int) -> None:
                    global LIMIT
                    LIMIT = value

                def counted() -> None:
                    global COUNT
                    COUNT += 1

                @DBOS.step()
                def step(value: int) -> int:
                    global LAST
                    LAST = "x"
                    return value

                def set_mode(mode: str) -> None:
                    global MODE
                    MODE = mode

                def tick() -> None:
                    while True:
                        set_mode("b")
                        set_mode("a")

                @DBOS.workflow()
                def flow() -> int:
                    if PAUSED:  # E: dbos-deterministic
                        return 0
                    step(LIMIT)  # E: dbos-deterministic
                    step(COUNT)  # E: dbos-deterministic
                    if LAST:  # E: dbos-deterministic
                        return 1
                    if MODE == "a":  # E: dbos-deterministic
                        return 2
                    return step(1)
                """,
        },
    )


def test_what_a_workflow_sets_changes(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        {
            "app.py": """\
                from dbos_typed import DBOS

                TENANT = ""

                def set_tenant(tenant: str) -> None:
                    global TENANT
                    TENANT = tenant

                def current() -> str:
                    return TENANT

                @DBOS.step()
                def step(tenant: str) -> None: ...

                @DBOS.workflow()
                def flow(tenant: str) -> None:
                    set_tenant(tenant)  # E: dbos-deterministic
                    step(current())  # E: dbos-deterministic
                """,
        },
    )


def test_who_calls_a_setter_decides(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        {
            "settings.py": """\
                ONCE = NEVER = GROUPED = BOT = TWICE = LOOPED = KEPT = HANDLED = COMMANDED = MADE = MIXED = 0
                LIMITS: dict[str, int] = {}


                def set_once(value: int) -> None:
                    global ONCE
                    ONCE = value


                def set_never(value: int) -> None:
                    global NEVER
                    NEVER = value


                def set_grouped(value: int) -> None:
                    global GROUPED
                    GROUPED = value


                def set_by_bot(value: int) -> None:
                    global BOT
                    BOT = value


                def set_twice(value: int) -> None:
                    global TWICE
                    TWICE = value


                def set_looped(value: int) -> None:
                    global LOOPED
                    LOOPED = value


                def set_kept(value: int) -> None:
                    global KEPT
                    KEPT = value


                def set_handled(value: int) -> None:
                    global HANDLED
                    HANDLED = value


                def set_commanded(value: int) -> None:
                    global COMMANDED
                    COMMANDED = value


                def set_made(value: int) -> None:
                    global MADE
                    MADE = value


                def set_mixed(value: int) -> None:
                    global MIXED
                    MIXED = value


                def set_limits(**values: int) -> None:
                    for key, value in values.items():
                        LIMITS[key] = value
                """,
            "app.py": """\
                import threading
                import click
                import settings
                from discord.ext import commands
                from fastapi import FastAPI
                from settings import set_kept, set_looped, set_once
                from dbos_typed import DBOS

                app = FastAPI()
                bot = commands.Bot("!")


                @bot.command()
                async def turn(value: int) -> None:
                    settings.set_by_bot(value)


                @click.group()
                def group() -> None: ...


                @group.command()
                def limit() -> None:
                    settings.set_grouped(1)


                class Service:
                    def __init__(self, value: int) -> None:
                        settings.set_made(value)


                @app.on_event("startup")
                async def prepare() -> None:
                    settings.set_handled(1)


                @app.post("/mixed")
                def mixed(value: int) -> None:
                    settings.set_mixed(value)


                @click.command()
                def cli() -> None:
                    settings.set_commanded(1)


                def serve() -> None:
                    DBOS.launch()
                    set_once(1)
                    settings.set_twice(1)
                    flow()
                    settings.set_twice(2)
                    settings.set_mixed(1)
                    settings.set_limits(a=1)
                    threading.Timer(5, set_kept).start()
                    Service(1)
                    while True:
                        set_looped(2)


                @DBOS.workflow()
                def flow() -> list[int]:
                    return [
                        settings.ONCE,
                        settings.HANDLED,
                        settings.COMMANDED,
                        settings.MADE,
                        settings.LIMITS["a"],
                        settings.GROUPED,
                        settings.BOT,  # E: dbos-deterministic
                        settings.NEVER,  # E: dbos-deterministic
                        settings.TWICE,  # E: dbos-deterministic
                        settings.LOOPED,  # E: dbos-deterministic
                        settings.KEPT,  # E: dbos-deterministic
                        settings.MIXED,  # E: dbos-deterministic
                    ]
                """,
            "tests/test_app.py": """\
                import settings


                def test_once() -> None:
                    settings.set_once(2)
                """,
        },
    )


def test_what_is_not_known_of_the_whole_program_is_not_known_to_run_once(tmp_path: Path) -> None:
    program = """\
        from dbos_typed import DBOS

        MODE = "a"


        def set_mode(mode: str) -> None:
            global MODE
            MODE = mode


        def main() -> None:
            set_mode("b")


        @DBOS.workflow()
        def flow() -> str:
            return MODE
        """
    assert findings(tmp_path, program) == []
    assert len(findings(tmp_path, program, is_whole=False)) == 1
