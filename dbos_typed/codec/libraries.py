"""How the exceptions of popular libraries, and the requests and responses that they carry, are taken apart.

Nothing is imported here: whoever has such an object has its library.
"""

# What these libraries give is of any type to this one, which does not depend on them.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

from dbos_typed.codec.masking import SECRET_HEADERS, is_secret_parameter, masked_urls
from dbos_typed.codec.quoted import without_quoted_value

Reduce: TypeAlias = Callable[[Any], object]
Rebuild: TypeAlias = Callable[[Any], object]

_LONGEST_BODY = 1 << 20
# What lets its bearer in is not written into a database; httpx shows it so, too.
_HIDDEN = "[secure]"


# --- pydantic ---------------------------------------------------------------------------------------------------------


def _take_validation_error(error: Any) -> object:  # noqa: ANN401  # pydantic's
    _, (title, lines, input_type, hide_input) = error.__reduce__()
    kept = [{name: item for name, item in line.items() if name != "url"} for line in lines]
    return {"title": title, "lines": kept, "input_type": input_type, "hide_input": hide_input}


def _make_validation_error(data: Any) -> object:  # noqa: ANN401  # what was taken
    core = sys.modules["pydantic_core"]
    lines: list[dict[str, Any]] = []
    for line in data["lines"]:
        kind: Any = line["type"]
        try:
            core.PydanticKnownError(kind, line.get("ctx"))
        except KeyError:
            # The application's own kind of error, whose text is made already.
            kind = core.PydanticCustomError(kind, line["msg"], line.get("ctx"))
        lines.append({**{name: line[name] for name in ("loc", "input", "ctx") if name in line}, "type": kind})
    make = core.ValidationError.from_exception_data
    return make(data["title"], lines, data["input_type"], data["hide_input"])


# --- httpx and httpx2, and openai, anthropic and others that are made of one of them ----------------------------------


def _take_httpx_request(request: Any) -> object:  # noqa: ANN401  # httpx's
    return {
        "method": request.method,
        "url": masked_urls(str(request.url)),
        "headers": _pairs(request.headers.multi_items()),
    }


def _make_httpx_request(package: str, data: Any) -> object:  # noqa: ANN401  # what was taken
    request = sys.modules[package].Request(data["method"], data["url"], headers=data["headers"])
    # Its body was not kept: that of a request that was never read.
    vars(request).pop("_content", None)
    return request


def _take_httpx_response(response: Any) -> object:  # noqa: ANN401  # httpx's
    request = getattr(response, "_request", None)
    return {
        "status": response.status_code,
        "headers": _pairs(response.headers.multi_items()),
        "content": _body(getattr(response, "_content", None)),
        "encoding": response.encoding if "_encoding" in vars(response) else None,
        "extensions": {
            name: item for name, item in response.extensions.items() if name in {"http_version", "reason_phrase"}
        },
        "request": None if request is None else _take_httpx_request(request),
    }


def _make_httpx_response(package: str, data: Any) -> object:  # noqa: ANN401  # what was taken
    httpx = sys.modules[package]
    response = httpx.Response(data["status"], headers=data["headers"], extensions=data["extensions"])
    if data["request"] is not None:
        response.request = _make_httpx_request(package, data["request"])
    if data["content"] is None:
        # As if its stream had been closed before it was read.
        vars(response).pop("_content", None)
    else:
        vars(response)["_content"] = data["content"]
        response.stream = httpx.ByteStream(data["content"])
    response.is_closed = True
    response.is_stream_consumed = True
    if data["encoding"] is not None:
        response.encoding = data["encoding"]
    return response


# --- requests ---------------------------------------------------------------------------------------------------------


def _take_prepared_request(request: Any) -> object:  # noqa: ANN401  # requests'
    return {
        "method": request.method,
        "url": None if request.url is None else masked_urls(request.url),
        "headers": None if request.headers is None else _pairs(request.headers.items()),
    }


def _make_prepared_request(data: Any) -> object:  # noqa: ANN401  # what was taken
    requests = sys.modules["requests"]
    request = requests.PreparedRequest()
    request.method, request.url = data["method"], data["url"]
    headers = data["headers"]
    request.headers = None if headers is None else requests.structures.CaseInsensitiveDict(headers)
    return request


def _take_plain_request(request: Any) -> object:  # noqa: ANN401  # requests'
    return {
        "method": request.method,
        "url": masked_urls(str(request.url)),
        "headers": _pairs(request.headers.items()),
        "params": _parameters(request.params),
    }


def _make_plain_request(data: Any) -> object:  # noqa: ANN401  # what was taken
    return sys.modules["requests"].Request(**{**data, "headers": dict(data["headers"])})


def _take_requests_response(response: Any) -> object:  # noqa: ANN401  # requests'
    content = vars(response).get("_content")
    prepared = vars(response).get("request")
    return {
        "status_code": response.status_code,
        "reason": response.reason,
        "url": None if response.url is None else masked_urls(response.url),
        "encoding": response.encoding,
        "headers": _pairs(response.headers.items()),
        "content": _body(content),
        "elapsed": response.elapsed,
        "request": None if prepared is None else _take_prepared_request(prepared),
    }


def _make_requests_response(data: Any) -> object:  # noqa: ANN401  # what was taken
    requests = sys.modules["requests"]
    response = requests.Response()
    for name in ("status_code", "reason", "url", "encoding", "elapsed"):
        setattr(response, name, data[name])
    response.headers = requests.structures.CaseInsensitiveDict(data["headers"])
    vars(response)["_content"] = b"" if data["content"] is None else data["content"]
    vars(response)["_content_consumed"] = True
    if data["request"] is not None:
        response.request = _make_prepared_request(data["request"])
    return response


# --- psycopg ----------------------------------------------------------------------------------------------------------

_WITH_VALUES = frozenset({"MESSAGE_DETAIL", "CONTEXT", "INTERNAL_QUERY", "STATEMENT_POSITION", "INTERNAL_POSITION"})
"""Fields that tell the values of a row or of parameters, which are not stored with errors, and where to find them."""


def _take_result(result: Any) -> object:  # noqa: ANN401  # what PostgreSQL said of an error
    fields = sys.modules["psycopg.pq"].DiagnosticField
    taken = {field.name: result.error_field(field) for field in fields if field.name not in _WITH_VALUES}
    message, state = taken["MESSAGE_PRIMARY"], taken["SQLSTATE"]
    if message is not None and state is not None:
        # Whatever the encoding of the message, its bytes come out as they were.
        text = without_quoted_value(message.decode("latin-1"), state.decode("ascii"))
        taken["MESSAGE_PRIMARY"] = text.encode("latin-1")
    return taken


def _make_result(data: Any) -> object:  # noqa: ANN401  # what was taken
    # The form that psycopg itself gives an error that is pickled.
    fields = sys.modules["psycopg.pq"].DiagnosticField
    return {field: data.get(field.name) for field in fields}


# --- grpc -------------------------------------------------------------------------------------------------------------


def _take_rpc_error(error: Any) -> object:  # noqa: ANN401  # grpc's
    return {
        "code": error.code().name,
        "details": error.details(),
        "debug": error.debug_error_string(),
        "metadata": [
            None if each is None else [(str(name), item) for name, item in each]
            for each in (error.initial_metadata(), error.trailing_metadata())
        ],
    }


def _make_rpc_error(data: Any) -> object:  # noqa: ANN401  # what was taken
    channel = sys.modules["grpc._channel"]
    code = sys.modules["grpc"].StatusCode[data["code"]]
    state = channel._RPCState((), *data["metadata"], code, data["details"])  # noqa: SLF001  # nothing public makes one
    state.debug_error_string = data["debug"]
    return channel._InactiveRpcError(state)  # noqa: SLF001  # as above


def _make_aio_rpc_error(data: Any) -> object:  # noqa: ANN401  # what was taken
    aio = sys.modules["grpc.aio"]
    code = sys.modules["grpc"].StatusCode[data["code"]]
    first, last = (None if each is None else aio.Metadata(*each) for each in data["metadata"])
    return aio.AioRpcError(code, first, last, details=data["details"], debug_error_string=data["debug"])


def _nothing(_: Any) -> object:  # noqa: ANN401  # a connection, which psycopg leaves out of pickles too
    return None


# --- common -----------------------------------------------------------------------------------------------------------


def _pairs(items: Any) -> list[tuple[str, str]]:  # noqa: ANN401  # of headers
    return [(_text(name), _header(_text(name).lower(), _text(item))) for name, item in items]


def _header(name: str, item: str) -> str:
    return _HIDDEN if name in SECRET_HEADERS else masked_urls(item)


def _parameters(given: Any) -> object:  # noqa: ANN401  # of a query: a text, pairs or a mapping
    if isinstance(given, str):
        return masked_urls(f"?{given}")[1:]
    if isinstance(given, Mapping):
        return {name: _HIDDEN if is_secret_parameter(str(name)) else item for name, item in given.items()}
    return given


def _text(item: Any) -> str:  # noqa: ANN401  # of a header
    return item.decode("latin-1") if isinstance(item, bytes) else str(item)


def _body(content: Any) -> bytes | None:  # noqa: ANN401  # of a message
    """A body that was read and is no file."""
    return bytes(content) if isinstance(content, bytes | bytearray) and len(content) <= _LONGEST_BODY else None


def _httpx(package: str) -> dict[str, tuple[frozenset[str], Reduce, Rebuild]]:
    """What httpx and its successor under another name have alike."""
    return {
        f"{package}:Request": (
            frozenset({f"{package}:Request", f"{package}._models:Request"}),
            _take_httpx_request,
            partial(_make_httpx_request, package),
        ),
        f"{package}:Response": (
            frozenset({f"{package}:Response", f"{package}._models:Response"}),
            _take_httpx_response,
            partial(_make_httpx_response, package),
        ),
    }


REDUCERS: Mapping[str, tuple[frozenset[str], Reduce, Rebuild]] = {
    "pydantic_core:ValidationError": (
        frozenset({"pydantic_core._pydantic_core:ValidationError", "pydantic_core:ValidationError"}),
        _take_validation_error,
        _make_validation_error,
    ),
    **_httpx("httpx"),
    **_httpx("httpx2"),
    "requests:PreparedRequest": (
        frozenset({"requests.models:PreparedRequest"}),
        _take_prepared_request,
        _make_prepared_request,
    ),
    "requests:Request": (frozenset({"requests.models:Request"}), _take_plain_request, _make_plain_request),
    "requests:Response": (frozenset({"requests.models:Response"}), _take_requests_response, _make_requests_response),
    "psycopg:PGresult": (
        frozenset({"psycopg.pq.pq_ctypes:PGresult", "psycopg_c.pq:PGresult", "psycopg_binary.pq:PGresult"}),
        _take_result,
        _make_result,
    ),
    "grpc:RpcError": (frozenset({"grpc._channel:_InactiveRpcError"}), _take_rpc_error, _make_rpc_error),
    "grpc:AioRpcError": (frozenset({"grpc.aio._call:AioRpcError"}), _take_rpc_error, _make_aio_rpc_error),
    "psycopg:PGconn": (
        frozenset({"psycopg.pq.pq_ctypes:PGconn", "psycopg_c.pq:PGconn", "psycopg_binary.pq:PGconn"}),
        _nothing,
        _nothing,
    ),
}
"""By name: under which names its class is known, how instances are taken apart, and how they are made again."""
