"""Pools, connections and clients that are made when they are first needed, and values that look like them."""

from pathlib import Path

from tests.rules.programs import assert_found


def test_what_is_made_once_is_the_same_each_time(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        {
            "app.py": """\
                import db
                from dbos_typed import DBOS

                @DBOS.step()
                async def query(text: str) -> str:
                    pool = await db.get_pool()
                    return text

                @DBOS.workflow()
                async def flow() -> str:
                    await db.get_pool()
                    await db.pool_early()
                    db.locked()
                    db.client_for("a")
                    db.client_get("a")
                    db.client_try("a")
                    db.client_default("a")
                    db.cached()
                    db.cached2()
                    db.Pools.shared()
                    db.Pools.named("a")
                    return await query("a")
                """,
            "db.py": """\
                import asyncpg
                import functools
                import threading
                from openai import AsyncOpenAI

                _pool: asyncpg.Pool | None = None
                _lock = threading.Lock()
                _clients: dict[str, AsyncOpenAI] = {}

                async def create_pool() -> asyncpg.Pool:
                    return await asyncpg.create_pool("x")

                async def get_pool() -> asyncpg.Pool:
                    global _pool
                    if _pool is None:
                        _pool = await create_pool()
                    return _pool

                async def pool_early() -> asyncpg.Pool:
                    global _pool
                    if _pool is not None:
                        return _pool
                    _pool = await asyncpg.create_pool("x")
                    return _pool

                def locked():
                    global _pool
                    with _lock:
                        if not _pool:
                            _pool = make()
                    return _pool

                def make():
                    return object()

                def client_for(name: str) -> AsyncOpenAI:
                    if name not in _clients:
                        _clients[name] = AsyncOpenAI()
                    return _clients[name]

                def client_get(name: str) -> AsyncOpenAI:
                    found = _clients.get(name)
                    if found is None:
                        found = _clients[name] = AsyncOpenAI()
                    return found

                def client_try(name: str) -> AsyncOpenAI:
                    try:
                        return _clients[name]
                    except KeyError:
                        _clients[name] = AsyncOpenAI()
                        return _clients[name]

                def client_default(name: str) -> AsyncOpenAI:
                    return _clients.setdefault(name, AsyncOpenAI())

                @functools.cache
                def cached() -> AsyncOpenAI:
                    return AsyncOpenAI()

                @functools.lru_cache(maxsize=1)
                def cached2() -> AsyncOpenAI:
                    return AsyncOpenAI()

                class Pools:
                    _shared: "Pools | None" = None
                    _by_name: dict[str, object] = {}

                    @classmethod
                    def shared(cls) -> "Pools":
                        if cls._shared is None:
                            cls._shared = cls()
                        return cls._shared

                    @classmethod
                    def named(cls, name: str) -> object:
                        if name not in cls._by_name:
                            cls._by_name[name] = object()
                        return cls._by_name[name]

                async def close() -> None:
                    global _pool
                    if _pool is not None:
                        await _pool.close()
                        _pool = None
                """,
        },
    )


def test_values_that_are_kept_differ_in_the_next_process(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        {
            "app.py": """\
                import time, random, uuid
                from dbos_typed import DBOS

                _token: str | None = None
                _memo: dict[str, float] = {}
                _last: float | None = None
                _seen: set[str] = set()
                _pool = None
                import asyncpg, functools

                def token() -> str:
                    global _token
                    if _token is None:
                        _token = uuid.uuid4().hex
                    return _token

                def memo(name: str) -> float:
                    if name not in _memo:
                        _memo[name] = random.random()
                    return _memo[name]

                @functools.cache
                def session_id() -> str:
                    return uuid.uuid4().hex

                def once(name: str) -> bool:
                    if name in _seen:
                        return False
                    _seen.add(name)
                    return True

                async def rows() -> list[object]:
                    global _pool
                    if _pool is None:
                        _pool = await asyncpg.create_pool("x")
                    return await _pool.fetch("select 1")

                def throttle() -> bool:
                    global _last
                    if _last is None:
                        _last = 0.0
                        return True
                    return False

                @DBOS.workflow()
                async def flow(name: str) -> None:
                    token()  # E: dbos-deterministic
                    memo(name)  # E: dbos-deterministic
                    session_id()  # E: dbos-deterministic
                    if once(name):  # E: dbos-deterministic
                        await DBOS.set_event_async("a", 1)
                    await rows()  # E: dbos-deterministic
                """,
        },
    )


def test_what_is_kept_and_what_only_looks_like_it(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        {
            "pools.py": """\
                import functools
                import sqlite3
                import threading
                from concurrent.futures import ThreadPoolExecutor
                import aio_pika
                import asyncpg
                import psycopg
                import requests
                from sqlalchemy import Engine, create_engine
                from dbos_typed import DBOS

                _engine = None
                _executor: ThreadPoolExecutor | None = None
                _local = threading.local()
                _rates: dict[str, float] | None = None
                _pools: dict[str, asyncpg.Pool] = {}
                _results: dict[str, int] = {}
                _started: dict[str, bool] = {}
                _items: dict[str, int] = {}
                _dead: dict[str, object] = {}


                def engine() -> Engine:
                    global _engine
                    _engine = _engine or create_engine("sqlite://")
                    return _engine


                def executor() -> ThreadPoolExecutor:
                    global _executor
                    if _executor:
                        return _executor
                    _executor = ThreadPoolExecutor()
                    return _executor


                def connection() -> sqlite3.Connection:
                    if not hasattr(_local, "connection"):
                        _local.connection = sqlite3.connect("x")
                    return _local.connection


                @functools.cache
                def cached() -> psycopg.Connection:
                    return psycopg.connect("x")


                def fresh() -> psycopg.Connection:
                    return psycopg.connect("x")


                async def pool(dsn: str) -> asyncpg.Pool:
                    if dsn not in _pools:
                        made = await asyncpg.create_pool(dsn)
                        _pools[dsn] = made
                    return _pools[dsn]


                class Broker:
                    def __init__(self) -> None:
                        self._connection: aio_pika.Connection | None = None

                    async def connection(self) -> aio_pika.Connection:
                        if self._connection is None:
                            self._connection = await aio_pika.connect_robust("x")
                        return self._connection


                def rates() -> dict[str, float]:
                    global _rates
                    if _rates is None:
                        _rates = requests.get("https://example.org/rates").json()
                    return _rates


                @DBOS.step()
                def load(key: str) -> int:
                    return len(key)


                def remembered(key: str) -> int:
                    if key not in _results:
                        _results[key] = load(key)
                    return _results[key]


                def is_first(key: str) -> bool:
                    if key in _started:
                        return False
                    _started[key] = True
                    return True


                def item(key: str) -> int:
                    if key not in _items:
                        _items[key] = len(key)
                    return _items[key]


                def refresh(key: str, value: int) -> None:
                    _items[key] = value


                def dead(key: str) -> object:
                    return _dead.setdefault(key, object())


                def shutdown_all() -> None:
                    _dead.clear()
                """,
            "app.py": """\
                import pools
                from dbos_typed import DBOS


                @DBOS.workflow()
                async def flow(dsn: str) -> None:
                    pools.engine()
                    pools.executor()
                    pools.connection()
                    pools.cached()
                    await pools.pool(dsn)
                    await pools.Broker().connection()
                    pools.dead(dsn)
                    pools.fresh()  # E: dbos-deterministic
                    pools.rates()  # E: dbos-deterministic
                    pools.remembered(dsn)  # E: dbos-deterministic
                    pools.is_first(dsn)  # E: dbos-deterministic
                    pools.item(dsn)  # E: dbos-deterministic
                    len(pools._pools)  # E: dbos-deterministic
                    with pools.engine().connect() as made:  # E: dbos-deterministic
                        made.execute("select 1")
                    pools.connection().execute("select 1")  # E: dbos-deterministic
                    pools.cached().execute("select 1")  # E: dbos-deterministic
                    await (await pools.pool(dsn)).fetch("select 1")  # E: dbos-deterministic
                """,
        },
    )
