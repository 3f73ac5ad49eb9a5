"""Types that a workflow may name, sorted by what the runtime says of them when the workflow is registered.

Each annotation is a parameter and a result. `Stored` and `Refused` are decided from the source alone as well as from
the types that mypy knows; `Unseen` are refused by the runtime and not seen from the source, `UnseenByMypy` not by mypy.
"""
# ruff: noqa: UP006, UP007, UP035, UP045  # the old spellings are types, too

from __future__ import annotations

import asyncio
import collections
import collections.abc
import concurrent.futures
import contextlib
import contextvars
import datetime as dt
import decimal
import enum
import fractions
import functools
import io
import ipaddress
import logging
import pathlib
import queue
import random
import re
import socket
import sqlite3
import subprocess
import threading
import types
import typing
import uuid
import zoneinfo
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Generator, Iterable, Iterator, Mapping
from typing import IO, Annotated, Any, Dict, List, Literal, LiteralString, Optional, Tuple, Type, Union

import sqlalchemy as sa
from sqlalchemy.orm import Session

import dbos_typed
from dbos_typed import WorkflowHandle, WorkflowHandleAsync
from tests.rules import storable_models as made
from tests.rules import storable_types
from tests.rules import storable_types as kinds
from tests.rules.storable_models import Crate, Model, Row
from tests.rules.storable_types import Box, Boxes, Item, Numbers, OrderId, Pair, Plug


class Stored:
    nothing: None
    flag: bool
    number: int
    real: float
    text: str
    raw: bytes
    buffer: bytearray
    imaginary: complex
    bounds: range
    anything: Any
    thing: object
    literal: Literal["a", 1, True]
    literal_string: LiteralString
    quoted: "int"  # noqa: UP037  # quotes are understood
    decimal_: decimal.Decimal
    fraction: fractions.Fraction
    unique: uuid.UUID
    moment: dt.datetime
    day: dt.date
    time_of_day: dt.time
    duration: dt.timedelta
    zone: dt.timezone
    any_zone: dt.tzinfo
    named_zone: zoneinfo.ZoneInfo
    path: pathlib.Path
    pure_path: pathlib.PurePosixPath
    pattern: re.Pattern[str]
    address: ipaddress.IPv4Address
    network: ipaddress.IPv6Network
    numbers: list[int]
    old_numbers: List[int]
    mapping: dict[str, int]
    old_mapping: Dict[str, list[int]]
    keyed: dict[tuple[int, str], bool]
    pair: tuple[int, str]
    old_pair: Tuple[int, str]
    many: tuple[int, ...]
    empty_tuple: tuple[()]
    unpacked: tuple[int, *tuple[str, ...]]
    unique_numbers: set[int]
    frozen_numbers: frozenset[int]
    line: deque[int]
    counted: Counter[str]
    ordered: OrderedDict[str, int]
    defaulted: defaultdict[str, list[int]]
    iterable: Iterable[int]
    sequence: collections.abc.Sequence[int]
    abstract_mapping: Mapping[str, int]
    abstract_set: collections.abc.Set[int]
    collection: collections.abc.Collection[int]
    hashable: collections.abc.Hashable
    sized: collections.abc.Sized
    optional: int | None
    old_optional: Optional[int]
    old_union: Union[int, str, None]
    annotated: Annotated[int, "positive"]
    order_id: OrderId
    alias: Numbers
    generic_alias: Pair[int]
    recursive_alias: kinds.Json
    deep: dict[str, list[tuple[int, Item | None]]]
    color: kinds.Color
    size: kinds.Size
    rights: kinds.Rights
    enum_of_anything: kinds.Locks
    any_enum: enum.Enum
    error: ValueError
    any_error: Exception
    base_error: BaseException
    own_error: kinds.ShopError
    item: Item
    by_module: storable_types.Item
    frozen_item: kinds.FrozenItem
    init_var: kinds.WithInitVar
    narrowed: kinds.Narrowed
    tree: kinds.Tree
    box: Box[int]
    box_of_box: Box[Box[list[int]]]
    boxes: Boxes[str, int]
    int_box: kinds.IntBox
    dated: kinds.Dated
    callable_data: kinds.CallableData
    abstract_data: kinds.AbstractData
    with_self: kinds.WithSelf
    with_any: kinds.WithAny
    failed_with: kinds.FailedWith
    point: made.Point
    crate: Crate[int]
    classic: made.Classic
    place: made.Place
    generic_place: made.GenericPlace[int]
    spot: made.Spot
    row: Row
    generic_row: made.GenericRow[int]
    functional_fine: made.FunctionalFine
    model: Model
    models: list[Model]
    told: made.ModelWithTold
    told_inside: made.ModelWithToldInside
    serializer: made.ModelWithSerializer
    left_out: made.ModelThatLeavesOut
    private: made.ModelWithPrivate
    generic_model: made.GenericModel[int]
    tags: made.Tags
    checked_item: made.CheckedItem
    writes_itself: kinds.WritesItself
    bare: kinds.Bare
    bare_child: kinds.BareChild
    abstract: kinds.Payment
    metaclassed: kinds.Metaclassed
    cash: kinds.CashPayment
    protocol: kinds.HasName
    by_protocol: kinds.NamedByProtocol
    status: dbos_typed.WorkflowStatus[int]


class Refused:
    lock: threading.Lock
    condition: threading.Condition
    semaphore: threading.Semaphore
    async_lock: asyncio.Lock
    event: threading.Event
    async_event: asyncio.Event
    thread: threading.Thread
    own_thread: kinds.OwnThread
    line: queue.Queue[int]
    async_line: asyncio.Queue[int]
    task: asyncio.Task[int]
    future: asyncio.Future[int]
    pool: concurrent.futures.ThreadPoolExecutor
    later: concurrent.futures.Future[int]
    function: Callable[[int], int]
    any_function: Callable[..., Any]
    old_function: typing.Callable[[int], int]
    alias_of_function: kinds.Handler
    nested_alias: kinds.Handlers
    quoted_alias: kinds.Later
    partial: functools.partial[int]
    class_: type[int]
    old_class: Type[int]
    module: types.ModuleType
    slice_: slice
    view: memoryview
    iterator: Iterator[int]
    generator: Generator[int, None, None]
    old_generator: typing.Generator[int, None, None]
    async_iterator: AsyncIterator[int]
    awaitable: Awaitable[int]
    coroutine: Coroutine[Any, Any, int]
    file: IO[str]
    text_file: typing.TextIO
    text_io: io.TextIOWrapper
    bytes_io: io.BytesIO
    own_file: kinds.OwnFile
    plug: socket.socket
    new_type: Plug
    connection: sqlite3.Connection
    cursor: sqlite3.Cursor
    process: subprocess.Popen[str]
    completed: subprocess.CompletedProcess[str]
    match: re.Match[str]
    logger: logging.Logger
    generator_of_numbers: random.Random
    context_variable: contextvars.ContextVar[int]
    stack: contextlib.ExitStack
    manager: contextlib.AbstractContextManager[int]
    namespace: types.SimpleNamespace
    trace: types.TracebackType
    chain_map: collections.ChainMap[str, int]
    session: Session
    own_session: kinds.OwnSession
    engine: sa.Engine
    database_connection: sa.Connection
    rows: sa.Result[tuple[int]]
    database_row: sa.Row[tuple[int]]
    mapped: made.User
    handle: WorkflowHandle[int]
    async_handle: WorkflowHandleAsync[int]
    client: dbos_typed.DBOSClient
    queue_: dbos_typed.Queue
    plain: kinds.Plain
    plain_child: kinds.PlainChild
    made_by_new: kinds.MadeByNew
    with_close: kinds.WithClose
    managed: kinds.Managed
    managed_child: kinds.ManagedChild
    counting: kinds.Counting
    counting_by_base: kinds.CountingByBase
    called: kinds.Called
    awaited: kinds.Awaited
    own_handle: kinds.OwnHandle
    card: kinds.CardPayment
    runs: kinds.Runs
    named_by_init: kinds.NamedByInit
    words: kinds.Words
    bag: kinds.Bag
    own_list: kinds.Stack
    list_of_locks: list[threading.Thread]
    dict_of_locks: dict[str, list[threading.Thread]]
    dict_by_lock: dict[threading.Thread, int]
    set_of_locks: set[threading.Thread]
    pair_with_lock: tuple[int, threading.Thread]
    many_locks: tuple[threading.Thread, ...]
    optional_lock: threading.Thread | None
    old_optional: Optional[threading.Thread]
    old_union: Union[int, socket.socket]
    annotated: Annotated[list[socket.socket], "open"]
    iterable_of_locks: Iterable[threading.Thread]
    ordered: OrderedDict[str, socket.socket]
    defaulted: defaultdict[str, socket.socket]
    line_of_plugs: deque[socket.socket]
    generic_alias: Pair[socket.socket]
    with_lock: kinds.WithLock
    with_hidden: kinds.WithHidden
    child: kinds.ChildOfWithLock
    undecorated_child: kinds.UndecoratedChild
    chain: kinds.Chain
    cycle: kinds.Cycle1
    box: Box[threading.Thread]
    box_of_box: Box[Box[list[socket.socket]]]
    boxes: Boxes[str, socket.socket]
    locked_box: kinds.LockedBox
    shadowed: kinds.ShadowedName
    of_dict: kinds.OfDict
    nested_class: kinds.Outer
    with_handle: kinds.WithHandle
    with_session: kinds.WithSession
    deep: dict[str, list[tuple[int, kinds.WithLock | None]]]
    wired: made.Wired
    old_wired: made.OldWired
    classic_wired: made.ClassicWired
    crate: Crate[socket.socket]
    mount: made.Mount
    generic_place: made.GenericPlace[socket.socket]
    typed_spot: made.TypedSpot
    not_required: made.Partial
    extended_row: made.Extended
    generic_row: made.GenericRow[socket.socket]
    functional: made.Functional
    list_of_rows: list[made.Extended]
    list_of_handles: list[WorkflowHandle[int]]


class Unseen:
    """Refused by the runtime; nothing in the source says so for certain."""

    decorated: kinds.Decorated
    of_own_metaclass: kinds.OfOwnMeta
    catalog: kinds.Catalog
    made: kinds.Made


class UnseenByMypy:
    """Refused by the runtime and by the source; not said for certain by the types that mypy has."""

    old_mapped: made.OldUser
    model_with_plug: made.ModelWithPlug
    nested_model: made.NestedModel
    child_model: made.ChildModel
    generic_model: made.GenericModel[socket.socket]
    list_of_models: list[made.ModelWithPlug]
    checked_plug: made.CheckedPlug
