"""Every source of nondeterminism is found by its name, in a workflow and not in a step."""

from pathlib import Path

import pytest

from dbos_gen.sources.rule_options import RuleOptions
from tests.rules.programs import assert_found

_WORKFLOW = """\
import {module}
from dbos_typed import DBOS


@DBOS.step()
def step() -> object:
    return {call}


@DBOS.workflow()
def workflow(argument: float) -> object:
    return {call}  # E: dbos-deterministic
"""

SOURCES = [
    "time.time()", "time.monotonic()", "time.perf_counter()", "time.localtime()", "time.strftime('%Y')",
    "datetime.datetime.now()", "datetime.datetime.utcnow()", "datetime.date.today()", "random.random()",
    "random.choice([1, 2])", "random.Random()", "secrets.token_hex()", "numpy.random.rand()",
    "numpy.random.default_rng()", "os.urandom(8)", "uuid.uuid1()", "uuid.uuid4()", "os.environ['HOME']",
    "os.environ.get('HOME')", "os.getenv('HOME')", "sys.argv", "platform.node()", "socket.gethostname()",
    "os.getpid()", "getpass.getuser()", "os.listdir('.')", "os.path.exists('x')", "glob.glob('*')",
    "shutil.copy('a', 'b')", "tempfile.mkdtemp()", "pathlib.Path('x').read_text()", "requests.get('u')",
    "requests.Session().post('u')", "httpx.get('u')", "urllib.request.urlopen('u')", "socket.socket()",
    "smtplib.SMTP('h')", "boto3.client('s3').list_buckets()", "openai.OpenAI().responses.create()",
    "anthropic.Anthropic().messages.create()", "sqlite3.connect('x')", "psycopg.connect('x')",
    "sqlalchemy.create_engine('x')", "subprocess.run(['ls'])", "os.system('ls')", "threading.Thread(target=print)",
    "concurrent.futures.ThreadPoolExecutor()", "time.sleep(1)", "concurrent.futures.as_completed([])",
]  # fmt: skip


@pytest.mark.parametrize("call", SOURCES)
def test_a_source_is_found_in_a_workflow_and_not_in_a_step(call: str, tmp_path: Path) -> None:
    module = call.split("(", maxsplit=1)[0].rpartition(".")[0].split("[")[0]
    module = {"os.environ": "os", "os.path": "os", "datetime.datetime": "datetime", "datetime.date": "datetime"}.get(
        module, module
    )
    assert_found(tmp_path, _WORKFLOW.format(module=module, call=call))


def test_what_only_depends_on_its_arguments_is_fine(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        import datetime as dt
        import hashlib
        import json
        import logging
        import os.path
        import random
        import time
        import uuid
        from pathlib import Path

        import httpx
        from dbos_typed import DBOS

        LIMIT = 3
        START = time.time()
        logger = logging.getLogger(__name__)


        @DBOS.workflow()
        def workflow(now: dt.datetime, path: Path, started: float = time.time()) -> str:
            logger.info("at %s", now)
            print(time.gmtime(started), time.strftime("%Y", time.gmtime(started)))
            rng = random.Random(7)
            key = uuid.uuid5(uuid.NAMESPACE_DNS, str(rng.random()))
            name = os.path.join("a", path.name) + str(path.parent / path.stem) + str(path.with_suffix(".txt"))
            url = httpx.URL("https://x")
            timeout = httpx.Timeout(3)
            return f"{json.dumps({'a': LIMIT})}{hashlib.sha256(b'x').hexdigest()}{key}{name}{url}{timeout}{START}"
        """,
    )


def test_the_class_of_a_receiver_is_known_from_annotations_and_assignments(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        from pathlib import Path
        import httpx
        import requests
        from dbos_typed import DBOS

        CLIENT = httpx.Client()


        class Api:
            def __init__(self, session: requests.Session) -> None:
                self.session = session
                self.base = Path("x")

            def load(self) -> str:
                return self.session.get("u").text


        @DBOS.workflow()
        def flow(session: "requests.Session | None", api: Api, paths: list[Path], unknown) -> None:
            session.get("u")  # E: dbos-deterministic
            CLIENT.post("u")  # E: dbos-deterministic
            api.load()  # E: dbos-deterministic
            api.base.read_text()  # E: dbos-deterministic
            (api.base / "y").exists()  # E: dbos-deterministic
            for path in paths:
                path.unlink()  # E: dbos-deterministic
            with httpx.Client() as client:
                client.get("u").json()  # E: dbos-deterministic
            CLIENT.close()
            unknown.get("u")
            unknown.read_text()
        """,
    )


def test_what_was_opened_is_reported_once(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        import sqlite3
        from dbos_typed import DBOS


        @DBOS.workflow()
        def flow() -> None:
            connection = sqlite3.connect("x")  # E: dbos-deterministic
            connection.execute("SELECT 1")
            with open("x") as file:  # E: dbos-deterministic
                file.read()
        """,
    )


def test_racing_and_sleeping_in_coroutines(tmp_path: Path) -> None:
    found = assert_found(
        tmp_path,
        """\
        import asyncio
        import time
        from dbos_typed import DBOS


        @DBOS.step()
        async def step() -> None:
            await asyncio.sleep(1)


        @DBOS.workflow()
        async def flow() -> None:
            await asyncio.sleep(1)  # E: dbos-deterministic
            await asyncio.sleep(0)
            time.sleep(1)  # E: dbos-deterministic
            await asyncio.gather(step(), step())
            tasks = [asyncio.create_task(step())]
            await asyncio.wait(tasks)
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)  # E: dbos-deterministic
            await asyncio.wait_for(step(), 1)  # E: dbos-deterministic
            for done in asyncio.as_completed(tasks):  # E: dbos-deterministic
                await done
            await asyncio.to_thread(print)  # E: dbos-deterministic
            async with asyncio.timeout(3):  # E: dbos-deterministic
                await step()
        """,
    )
    assert all("await DBOS.sleep_async()" in each.hint for each in found if "sleep" in each.text)


def test_the_configuration_says_of_functions_of_the_project_what_they_are(tmp_path: Path) -> None:
    options = RuleOptions(
        nondeterministic={"shop.flags.is_enabled": "pass the flag as an argument"},
        deterministic=frozenset({"shop.flags.version", "shop.flags.Flags.all"}),
    )
    found = assert_found(
        tmp_path,
        {
            "shop/__init__.py": "",
            "shop/flags.py": """\
                import os


                def is_enabled(name: str) -> bool:
                    return name == "a"


                def version() -> str:
                    return os.environ["VERSION"]


                class Flags:
                    def all(self) -> str:
                        return os.environ["FLAGS"]

                    def one(self) -> str:
                        return os.environ["FLAG"]
                """,
            "shop/flows.py": """\
                from dbos_typed import DBOS
                from shop.flags import Flags, is_enabled, version


                def enabled() -> bool:
                    return is_enabled("b")


                @DBOS.workflow()
                def flow() -> None:
                    is_enabled("a")  # E: dbos-deterministic
                    enabled()  # E: dbos-deterministic
                    version()
                    Flags().all()
                    Flags().one()  # E: dbos-deterministic
                """,
        },
        options=options,
    )
    assert found[0].hint == "pass the flag as an argument"


def test_the_configuration_adds_and_takes_away(tmp_path: Path) -> None:
    options = RuleOptions(
        nondeterministic={"shop.clock.now": "read the clock in a step", "pendulum_like.*": "no"},
        deterministic=frozenset({"uuid.uuid4", "os.environ"}),
    )
    found = assert_found(
        tmp_path,
        """\
        import os
        import uuid
        import pendulum_like
        import shop.clock
        from dbos_typed import DBOS


        @DBOS.workflow()
        def flow() -> None:
            shop.clock.now()  # E: dbos-deterministic
            pendulum_like.tick()  # E: dbos-deterministic
            uuid.uuid4()
            os.environ["A"]
        """,
        options=options,
    )
    assert found[0].hint == "read the clock in a step"
