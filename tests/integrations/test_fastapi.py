import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from typing import Any

import pytest
from fastapi import FastAPI, HTTPException, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.testclient import TestClient
from starlette.authentication import AuthCredentials, AuthenticationBackend, BaseUser, SimpleUser
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.requests import HTTPConnection

from dbos_typed import DBOS, DBOSConfig, DBOSContextSetAuth
from dbos_typed.core.idempotency import derived_id
from dbos_typed.error import (
    DBOSContextError,
    DBOSException,
    DBOSInitializationError,
    DBOSNotAuthorizedError,
)
from tests.integrations.conftest import PATIENCE_SECONDS, Spans, make_pending


@pytest.fixture
def app(config: DBOSConfig, launch: object) -> FastAPI:
    app = FastAPI()
    DBOS(config=config, fastapi=app)
    return app


def test_engine_lives_as_long_as_the_application(app: FastAPI) -> None:
    @app.get("/")
    @DBOS.workflow()
    def greet() -> str:
        return DBOS.workflow_id

    with TestClient(app) as client:
        workflow_id = client.get("/").json()
        assert DBOS.retrieve_workflow(workflow_id).get_result() == workflow_id

    with pytest.raises(DBOSInitializationError, match="not running"):
        DBOS.list_workflows()


def test_application_may_be_started_again(app: FastAPI) -> None:
    @app.get("/")
    @DBOS.workflow()
    def greet() -> str:
        return "hello"

    for _ in range(2):
        with TestClient(app) as client:
            assert client.get("/").json() == "hello"


def test_application_s_own_lifespan_encloses_the_engine(config: DBOSConfig, launch: object) -> None:
    happened: list[str] = []

    def is_running() -> bool:
        try:
            DBOS.list_workflows()
        except DBOSInitializationError:
            return False
        return True

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[dict[str, str]]:
        happened.append(f"begun, running: {is_running()}")
        yield {"resource": "open"}
        happened.append(f"ended, running: {is_running()}")

    app = FastAPI(lifespan=lifespan)
    DBOS(config=config, fastapi=app)

    @app.get("/")
    def state(request: Request) -> list[Any]:
        return [request.state.resource, is_running()]

    with TestClient(app) as client:
        assert client.get("/").json() == ["open", True]
    assert happened == ["begun, running: False", "ended, running: False"]


def test_application_that_cannot_launch_does_not_start(config: DBOSConfig, launch: object) -> None:
    app = FastAPI()
    DBOS(config={**config, "database_url": "sqlite:////nonexistent/folder/dbos.sqlite"}, fastapi=app)
    with pytest.raises(DBOSInitializationError), TestClient(app):
        pass


def test_idempotency_key_names_the_first_workflow(app: FastAPI) -> None:
    runs: list[str] = []

    @DBOS.workflow()
    def record(value: str) -> str:
        runs.append(value)
        return DBOS.workflow_id

    @app.get("/{first}/{second}")
    def handler(first: str, second: str) -> list[str]:
        return [record(first), record(second)]

    with TestClient(app) as client:
        ids = client.get("/a/b", headers={"dbos-idempotency-key": "mine"}).json()
        again = client.get("/a/b", headers={"dbos-idempotency-key": "mine"}).json()

    assert ids[0] == again[0] == derived_id("GET", "/a/b", None, "mine")
    assert ids[1] != again[1]
    assert runs == ["a", "b", "b"]


def test_derived_ids_stay_as_they_are() -> None:
    # Requests are sent again after a deployment too.
    ann, anybody = derived_id("POST", "/pay", "Ann", "k"), derived_id("GET", "/\u00e4", None, "\u00fc")
    assert ann == "http-88b153a53cf4902b184febeec5c842d9192e529cf0a97fbd1657f34eeea41279"
    assert anybody == "http-4b06b1f27882fc342c789823c1441ade0a8d341918906c8cdad56dca3182b221"


@pytest.mark.parametrize("key", ["sched-tick-2030-01-01T00:00:00+00:00", "parent-1", "kafka-unique-id-orders-0-shop-0"])
def test_idempotency_key_takes_no_id_of_the_engine(app: FastAPI, key: str) -> None:
    @DBOS.workflow()
    def work() -> str:
        return DBOS.workflow_id

    @app.post("/work")
    def handler() -> str:
        return work()

    with TestClient(app) as client:
        assert client.post("/work", headers={"dbos-idempotency-key": key}).json() == derived_id(
            "POST", "/work", None, key
        )
        assert DBOS.get_workflow_status(key) is None


@pytest.mark.parametrize("where", ["middleware", "handler"])
def test_idempotency_key_is_its_user_s(app: FastAPI, where: str) -> None:
    runs: list[str | None] = []

    @DBOS.workflow()
    def balance(account: str) -> str:
        runs.append(DBOS.authenticated_user)
        return f"{account} of {DBOS.authenticated_user}"

    if where == "middleware":

        @app.middleware("http")
        async def authenticate(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
            with DBOSContextSetAuth(request.headers["x-user"], []):
                return await call_next(request)

    @app.post("/balance")
    def handler(request: Request) -> str:
        if where == "handler":
            DBOS.set_authentication(request.headers["x-user"], [])
        return balance("savings")

    with TestClient(app) as client:
        told = [
            client.post("/balance", headers={"dbos-idempotency-key": "k", "x-user": user}).json()
            for user in ("Ann", "Bob", "Ann")
        ]
        ids = {status.workflow_id for status in DBOS.list_workflows()}
    assert told == ["savings of Ann", "savings of Bob", "savings of Ann"]
    assert runs == ["Ann", "Bob"]
    assert ids == {derived_id("POST", "/balance", user, "k") for user in ("Ann", "Bob")}


def test_idempotency_key_is_of_one_route(app: FastAPI) -> None:
    @DBOS.workflow()
    def record() -> str:
        return DBOS.workflow_id

    @app.get("/one")
    @app.post("/one")
    @app.get("/two")
    def handler() -> str:
        return record()

    headers = {"dbos-idempotency-key": "k"}
    with TestClient(app) as client:
        answers = [client.get("/one", headers=headers), client.post("/one", headers=headers)]
        answers.append(client.get("/two", headers=headers))
    assert len({answer.json() for answer in answers}) == 3


def test_idempotency_key_is_of_whom_the_middleware_has_authenticated(app: FastAPI) -> None:
    class Backend(AuthenticationBackend):
        async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, BaseUser] | None:
            name = conn.headers.get("x-user")
            return None if name is None else (AuthCredentials(), SimpleUser(name))

    app.add_middleware(AuthenticationMiddleware, backend=Backend())

    @DBOS.workflow()
    def record() -> str:
        return DBOS.workflow_id

    @app.get("/")
    def handler() -> str:
        return record()

    def ask(client: TestClient, **headers: str) -> str:
        return str(client.get("/", headers={"dbos-idempotency-key": "k", **headers}).json())

    with TestClient(app) as client:
        assert ask(client, **{"x-user": "Ann"}) == derived_id("GET", "/", {"login": "Ann"}, "k")
        assert ask(client, **{"x-user": "Bob"}) == derived_id("GET", "/", {"login": "Bob"}, "k")
        assert ask(client) == derived_id("GET", "/", None, "k")
        # Nobody has read the credentials; they tell the requests of two users apart all the same.
        assert ask(client, authorization="Bearer a") == ask(client, authorization="Bearer a")
        assert len({ask(client), ask(client, authorization="Bearer a"), ask(client, authorization="Bearer b")}) == 3


def test_workflow_of_another_user_is_told_of_nothing(app: FastAPI, config: DBOSConfig) -> None:
    @DBOS.workflow()
    def balance() -> str:
        return "9000 and a secret"

    @app.post("/balance")
    def handler(request: Request) -> str:
        DBOS.set_authentication(request.headers["x-user"], [])
        return balance()

    headers = {"dbos-idempotency-key": "k", "x-user": "Ann"}
    with TestClient(app) as client:
        assert client.post("/balance", headers=headers).status_code == 200
        path = (config["database_url"] or "").removeprefix("sqlite:///")
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE dbos_workflows SET auth_user = 'Eve'")
        refused = client.post("/balance", headers=headers)
    assert refused.status_code == 409
    assert "another user's" in refused.json()["message"]
    assert "9000" not in refused.text
    assert "balance" not in refused.text
    assert "Eve" not in refused.text


@pytest.mark.parametrize("key", ["", "x" * 5000])
def test_unusable_idempotency_key_is_a_bad_request(app: FastAPI, key: str) -> None:
    @app.get("/")
    @DBOS.workflow()
    def greet() -> str:
        return "hello"

    with TestClient(app) as client:
        response = client.get("/", headers={"dbos-idempotency-key": key})
    assert response.status_code == 400
    assert "dbos-idempotency-key" in response.json()["message"]


def test_handler_sees_its_request(app: FastAPI) -> None:
    @app.get("/items/{item}")
    async def handler(item: int) -> dict[str, Any]:
        request = DBOS.request
        assert request is not None
        return {
            "item": item,
            "path_params": dict(request.path_params),
            "query_params": dict(request.query_params),
            "header": request.headers["X-Shop"],
            "cookies": dict(request.cookies),
            "url": request.url,
            "base_url": request.base_url,
            "method": request.method,
            "client": request.client and request.client.hostname,
        }

    assert DBOS.request is None
    with TestClient(app, cookies={"session": "secret"}) as client:
        assert client.get("/items/3?size=2&size=4", headers={"x-shop": "north"}).json() == {
            "item": 3,
            "path_params": {"item": "3"},
            "query_params": {"size": "4"},
            "header": "north",
            "cookies": {"session": "secret"},
            "url": "http://testserver/items/3?size=2&size=4",
            "base_url": "http://testserver/",
            "method": "GET",
            "client": "testclient",
        }


def test_started_workflow_sees_the_request_without_credentials(app: FastAPI) -> None:
    @DBOS.workflow()
    def describe() -> list[Any]:
        request = DBOS.request
        assert request is not None
        return [request.url, request.headers.get("x-shop"), "authorization" in request.headers, dict(request.cookies)]

    @app.get("/{item}")
    def handler(item: str) -> list[Any]:
        return DBOS.start_workflow(describe).get_result(PATIENCE_SECONDS)

    with TestClient(app, cookies={"session": "secret"}) as client:
        found = client.get("/pen", headers={"x-shop": "north", "Authorization": "Bearer secret"}).json()
    assert found == ["http://testserver/pen", "north", False, {}]


def test_recovered_workflow_sees_its_request(app: FastAPI, sqlite_database_url: str) -> None:
    @app.get("/{item}")
    @DBOS.workflow()
    def describe(item: str) -> list[str]:
        request = DBOS.request
        assert request is not None
        return [item, request.method, request.path_params["item"]]

    with TestClient(app) as client:
        before = client.get("/pen", headers={"dbos-idempotency-key": "w"}).json()
    make_pending(sqlite_database_url)
    with TestClient(app):
        workflow_id = derived_id("GET", "/pen", None, "w")
        assert DBOS.retrieve_workflow(workflow_id).get_result(PATIENCE_SECONDS) == before == ["pen", "GET", "pen"]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (DBOSNotAuthorizedError("not for you"), 403, {"dbos_error_code": "8"}),
        (DBOSInitializationError("oh no"), 500, {"dbos_error_code": "3"}),
        (DBOSContextError("not here"), 500, {}),
    ],
)
def test_errors_of_the_engine_become_json_with_their_status(
    app: FastAPI, error: DBOSException, status: int, code: dict[str, str]
) -> None:
    @app.get("/")
    def handler() -> None:
        raise error

    with TestClient(app) as client:
        response = client.get("/")
    assert response.status_code == status
    assert response.json() == {"message": error.message, **code, "dbos_error": type(error).__name__}


def test_web_sockets_have_their_request_and_the_key_of_their_caller(app: FastAPI) -> None:
    @DBOS.workflow()
    def greet(name: str) -> str:
        return f"{DBOS.workflow_id} {name}"

    @app.websocket("/greet/{name}")
    async def handler(socket: WebSocket) -> None:
        await socket.accept()
        request = DBOS.request
        assert request is not None
        greeting = await asyncio.to_thread(greet, request.path_params["name"])
        await socket.send_json([greeting, request.method, request.headers["x-shop"]])
        await socket.close()

    with TestClient(app) as client:
        headers = {"dbos-idempotency-key": "w", "x-shop": "tea"}
        with client.websocket_connect("/greet/ann", headers=headers) as socket:
            name = f"{derived_id('GET', '/greet/ann', None, 'w')} ann"
            assert socket.receive_json() == [name, "GET", "tea"]
        with pytest.raises(WebSocketDisconnect) as refused:
            client.websocket_connect("/greet/ann", headers={"dbos-idempotency-key": ""}).__enter__()
    assert refused.value.code == 1008
    assert "dbos-idempotency-key" in refused.value.reason


def test_error_of_the_engine_closes_the_web_socket_with_its_message(app: FastAPI) -> None:
    @app.websocket("/")
    async def handler(socket: WebSocket) -> None:
        await socket.accept()
        raise DBOSNotAuthorizedError("not for you" + "!" * 200)

    with (
        TestClient(app) as client,
        client.websocket_connect("/") as socket,
        pytest.raises(WebSocketDisconnect) as closed,
    ):
        socket.receive_text()
    assert (closed.value.code, closed.value.reason) == (1008, "not for you" + "!" * 112)


def test_other_errors_are_left_to_the_application(app: FastAPI) -> None:
    @app.get("/")
    def handler() -> None:
        raise HTTPException(status_code=418)

    with TestClient(app) as client:
        assert client.get("/").status_code == 418


def test_authentication_of_a_middleware_reaches_workflows(app: FastAPI) -> None:
    @app.middleware("http")
    async def authenticate(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        with DBOSContextSetAuth("ann", request.headers.get("roles", "").split()):
            return await call_next(request)

    @app.get("/")
    @DBOS.required_roles(["admin"])
    @DBOS.workflow()
    def rule() -> list[str | None]:
        return [DBOS.authenticated_user, DBOS.assumed_role]

    with TestClient(app) as client:
        assert client.get("/", headers={"roles": "user admin"}).json() == ["ann", "admin"]
        assert client.get("/", headers={"roles": "user"}).status_code == 403


def test_coroutine_workflows_and_steps_are_handlers(app: FastAPI) -> None:
    @app.get("/step/{name}")
    @DBOS.step()
    async def step(name: str) -> str:
        return f"step {name}"

    @app.get("/workflow/{name}")
    @DBOS.workflow()
    async def workflow(name: str) -> str:
        return await step(name)

    with TestClient(app) as client:
        assert client.get("/step/a").json() == "step a"
        assert client.get("/workflow/b").json() == "step b"


def test_requests_have_spans(app: FastAPI, spans: Spans) -> None:
    @app.get("/greet/{name}")
    @DBOS.workflow()
    def greet(name: str) -> str:
        return f"hello {name}"

    with TestClient(app) as client:
        client.get("/greet/ann?loud=1", headers={"x-request-id": "r1"})

    assert spans.names() == ["greet", "/greet/ann"]
    assert spans.parent("greet") == "/greet/ann"
    assert spans.attributes("/greet/ann") == {
        "operationType": "handler",
        "operationName": "/greet/ann",
        "requestID": "r1",
        "requestIP": "testclient",
        "requestURL": "http://testserver/greet/ann?loud=1",
        "requestMethod": "GET",
        "http.response.status_code": 200,
        "applicationVersion": "1",
        "executorID": "here",
    }


def test_request_goes_on_in_the_trace_of_its_caller(app: FastAPI, spans: Spans) -> None:
    @app.get("/greet")
    def greet() -> str:
        return "hello"

    trace_id = "0af7651916cd43dd8448eb211c80319c"
    with TestClient(app) as client:
        client.get("/greet", headers={"traceparent": f"00-{trace_id}-b7ad6b7169203331-01"})

    assert f"{spans.named('/greet').context.trace_id:032x}" == trace_id


def test_attaching_twice_changes_nothing(app: FastAPI, config: DBOSConfig, spans: Spans) -> None:
    DBOS(config=config, fastapi=app)

    @app.get("/greet")
    def greet() -> str:
        return "hello"

    with TestClient(app) as client:
        client.get("/greet")
    assert spans.names() == ["/greet"]


@pytest.mark.parametrize("framework", ["fastapi", "flask"])
def test_what_is_no_application_is_refused(config: DBOSConfig, launch: object, framework: str) -> None:
    with pytest.raises(TypeError, match=framework):
        DBOS(config=config, **{framework: object()})  # type: ignore[arg-type]  # the mistake under test
