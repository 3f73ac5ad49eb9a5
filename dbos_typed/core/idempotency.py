"""Idempotency keys of HTTP requests: the id of the workflow that a request starts, made of route, user and key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from dbos_typed.core.context import AssignedId
from dbos_typed.core.names import HTTP
from dbos_typed.records import Auth


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Whom a request is from, where the application has not said so with `DBOS.set_authentication`."""

    user: str | None = None
    """Whom the web framework or server has authenticated."""
    authorization: str | None = None
    """The header Authorization, which tells requests of different users apart even if nobody has read it yet."""


def derived_id(method: str, path: str, user: object, key: str) -> str:
    """The id `http-{sha256}` of the workflow that a request with an idempotency key starts.

    The digest is of the JSON array of the four, ASCII only and without white space. `user` is the authenticated user,
    or one of the objects of `_identity`. It is stable: an id that was derived once is derived by every later version.
    """
    text = json.dumps([method, path, user, key], ensure_ascii=True, separators=(",", ":"))
    return f"{HTTP}{hashlib.sha256(text.encode()).hexdigest()}"


class RequestKey(AssignedId):
    """The idempotency key of a request. Its user is asked for late: a handler may authenticate the request itself."""

    __slots__ = ("_key", "_login", "_method", "_path")

    is_of_user = True

    def __init__(self, *, method: str, path: str, key: str, login: Callable[[], Login]) -> None:
        super().__init__(key)
        self._method = method
        self._path = path
        self._key = key
        self._login = login

    def id_for(self, auth: Auth) -> str:
        return derived_id(self._method, self._path, _identity(auth, self._login), self._key)


def _identity(auth: Auth, login: Callable[[], Login]) -> object:
    if auth.user is not None:
        return auth.user
    found = login()
    if found.user is not None:
        return {"login": found.user}
    if found.authorization is not None:
        return {"authorization": hashlib.sha256(found.authorization.encode("utf-8", "surrogateescape")).hexdigest()}
    return None
