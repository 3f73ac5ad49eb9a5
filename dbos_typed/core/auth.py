"""Who may call what."""

from __future__ import annotations

from dataclasses import replace

from dbos_typed.core.registry import FunctionDefinition, Registry
from dbos_typed.errors import DBOSNotAuthorizedError
from dbos_typed.records import Auth


def authorize(registry: Registry, definition: FunctionDefinition, class_name: str | None, auth: Auth) -> Auth:
    """The identity under which the function runs: with the first of its required roles that the user has.

    DBOSNotAuthorizedError: the user has none of them. Roles of the function replace those of its class.
    """
    required = registry.required_roles(definition.plain, class_name)
    if not required:
        return auth
    for role in required:
        if role in (auth.roles or ()):
            return replace(auth, assumed_role=role)
    who = "nobody is authenticated" if auth.user is None else f"{auth.user!r} has the roles {list(auth.roles or ())}"
    msg = (
        f"{definition.name!r} requires one of the roles {list(required)}, and {who}. "
        "Set the user with DBOS.set_authentication or DBOSContextSetAuth."
    )
    raise DBOSNotAuthorizedError(msg)
