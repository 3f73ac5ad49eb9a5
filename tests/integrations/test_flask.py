from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, Response, jsonify, request

from dbos_typed import DBOS, DBOSConfig
from dbos_typed.core.idempotency import derived_id
from dbos_typed.error import DBOSNotAuthorizedError
from tests.integrations.conftest import Spans


@pytest.fixture
def app(config: DBOSConfig, launch: Callable[..., None]) -> Flask:
    app = Flask("shop")
    DBOS(config=config, flask=app)
    launch()
    return app


def test_workflows_steps_and_transactions_are_handlers(app: Flask) -> None:
    @app.route("/transaction/<name>")
    @DBOS.transaction()
    def transaction(name: str) -> str:
        return name + str(DBOS.sql_session.execute(sa.text("SELECT 1")).scalar_one())

    @DBOS.step()
    def step(name: str) -> str:
        return name

    @app.route("/workflow/<first>/<second>")
    @DBOS.workflow()
    def workflow(first: str, second: str) -> dict[str, str]:
        return {"result": transaction(first) + step(second)}

    client = app.test_client()
    assert client.get("/transaction/a").text == "a1"
    assert client.get("/workflow/a/b").json == {"result": "a1b"}


def test_idempotency_key_names_the_first_workflow(app: Flask) -> None:
    @DBOS.workflow()
    def record() -> str:
        return DBOS.workflow_id

    @app.route("/")
    def handler() -> Response:
        return jsonify([record(), record()])

    first, second = app.test_client().get("/", headers={"dbos-idempotency-key": "mine"}).get_json()
    assert first == derived_id("GET", "/", None, "mine")
    assert not second.startswith("http-")


def test_idempotency_key_is_its_user_s(app: Flask) -> None:
    users: dict[str, str] = {"a": "Ann", "b": "Bob"}

    @DBOS.workflow()
    def account() -> str | None:
        return DBOS.authenticated_user

    @app.before_request
    def authenticate() -> None:
        DBOS.set_authentication(users.get(request.headers.get("x-token", "")), [])

    @app.route("/account")
    def handler() -> str:
        return f"{account()}"

    client = app.test_client()
    told = [client.get("/account", headers={"dbos-idempotency-key": "k", "x-token": token}).text for token in "abab"]
    assert told == ["Ann", "Bob", "Ann", "Bob"]
    assert {status.workflow_id for status in DBOS.list_workflows()} == {
        derived_id("GET", "/account", "Ann", "k"),
        derived_id("GET", "/account", "Bob", "k"),
    }


def test_idempotency_key_is_of_whom_the_server_has_authenticated(app: Flask) -> None:
    @DBOS.workflow()
    def record() -> str:
        return DBOS.workflow_id

    @app.route("/")
    def handler() -> str:
        return record()

    def ask(**environment: str) -> str:
        return app.test_client().get("/", headers={"dbos-idempotency-key": "k"}, environ_overrides=environment).text

    assert ask(REMOTE_USER="Ann") == derived_id("GET", "/", {"login": "Ann"}, "k")
    assert ask(REMOTE_USER="Bob") != ask(REMOTE_USER="Ann")
    assert (
        ask(HTTP_AUTHORIZATION="Bearer a") == ask(HTTP_AUTHORIZATION="Bearer a") != ask(HTTP_AUTHORIZATION="Bearer b")
    )


@pytest.mark.parametrize("key", ["", "x" * 5000])
def test_unusable_idempotency_key_is_a_bad_request(app: Flask, key: str) -> None:
    response = app.test_client().get("/", headers={"dbos-idempotency-key": key})
    assert response.status_code == 400
    assert "dbos-idempotency-key" in response.get_json()["message"]


def test_handler_and_workflow_see_the_request(app: Flask) -> None:
    @DBOS.workflow()
    def describe() -> list[Any]:
        request = DBOS.request
        assert request is not None
        return [request.url, dict(request.path_params), request.headers.get("HOST"), dict(request.cookies)]

    @app.route("/items/<int:item>", methods=["POST"])
    def handler(item: int) -> Response:
        request = DBOS.request
        assert request is not None
        seen = [request.method, dict(request.path_params), dict(request.query_params), request.base_url]
        return jsonify([*seen, dict(request.cookies), item, describe()])

    client = app.test_client()
    client.set_cookie("session", "secret")
    assert client.post("/items/3?size=2&size=4").get_json() == [
        "POST",
        {"item": "3"},
        {"size": "4"},
        "http://localhost/",
        {"session": "secret"},
        3,
        ["http://localhost/items/3?size=2&size=4", {"item": "3"}, "localhost", {}],
    ]
    assert DBOS.request is None


def test_errors_of_the_engine_become_json_with_their_status(app: Flask) -> None:
    @app.route("/")
    def handler() -> str:
        raise DBOSNotAuthorizedError("not for you")

    response = app.test_client().get("/")
    assert response.status_code == 403
    assert response.get_json() == {
        "message": "not for you",
        "dbos_error_code": "8",
        "dbos_error": "DBOSNotAuthorizedError",
    }


def test_requests_have_spans(app: Flask, spans: Spans) -> None:
    @app.route("/greet/<name>")
    @DBOS.workflow()
    def greet(name: str) -> str:
        return f"hello {name}"

    app.test_client().get("/greet/ann", headers={"x-request-id": "r1"})

    assert spans.parent("greet") == "/greet/ann"
    found = spans.attributes("/greet/ann")
    assert found["operationType"] == "handler"
    assert found["requestMethod"] == "GET"
    assert found["requestID"] == "r1"
    assert found["http.response.status_code"] == 200


def test_attaching_twice_changes_nothing(app: Flask, config: DBOSConfig, spans: Spans) -> None:
    DBOS(config=config, flask=app)

    @app.route("/greet")
    def greet() -> str:
        return "hello"

    app.test_client().get("/greet")
    assert spans.names() == ["/greet"]
