"""Who may call what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dbos_typed.core.registry import FunctionDefinition, Registry
from dbos_typed.error import DBOSNotAuthorizedError
from dbos_typed.records import Auth


def authorize(registry: Registry, definition: FunctionDefinition, class_name: str | None, auth: Auth) -> Auth:
    """The identity under which the function runs; see `allow`. Roles of the function replace those of its class."""
    return allow(registry.required_roles(definition.plain, class_name), definition.name, auth)


def allow(required: Sequence[str], name: str, auth: Auth) -> Auth:
    """The identity with the first of the required roles that the user has; unchanged when none is required.

    DBOSNotAuthorizedError: the user has none of them. `name` is what the function is called in it.
    """
    if not required:
        return auth
    for role in required:
        if role in (auth.roles or ()):
            return replace(auth, assumed_role=role)
    raise _refusal(required, name, auth)


def _refusal(required: Sequence[str], name: str, auth: Auth) -> DBOSNotAuthorizedError:
    function = name.rpartition(".")[2]
    if auth.user is None and not auth.roles:
        message = f"Function {function} requires a role, but was called in a context without authentication information"
        who = "nobody is authenticated"
    else:
        message = f"Function {function} has required roles, but user is not authenticated for any of them"
        who = f"{auth.user!r} has the roles {list(auth.roles or ())}"
    error = DBOSNotAuthorizedError(message)
    error.add_note(
        f"{name!r} requires one of the roles {list(required)}, and {who}. "
        "Set the user with DBOS.set_authentication or DBOSContextSetAuth."
    )
    return error
