"""Database URLs: taken apart and put together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from dbos_typed.config.keys import DatabaseConfig
from dbos_typed.config.masking import masked_text

DEFAULT_PORT = 5432
_QUERY = re.compile(r"\?\w+=")
# What a URL may hold in a login without meaning anything by it.
_UNQUOTED = "%+!$&'()*,;=:"


def parse_database_url_to_dbconfig(database_url: str) -> DatabaseConfig:
    """The parts of a PostgreSQL URL as in the section `database`.

    ValueError: the text is no URL, or its port or timeout is no number.
    """
    if "://" not in database_url.lstrip(":"):
        msg = f"{masked_text(database_url)!r} is no URL; write postgresql://user:password@host:5432/name"
        raise ValueError(msg)
    split = _split(database_url)
    if split is None:
        # Outside the handler: the other error quotes what it takes for a port, which may be a piece of a password.
        msg = f"the host or the port of {masked_text(database_url)!r} cannot be read; quote special characters as %XX"
        raise ValueError(msg)
    parts, port = split
    found = DatabaseConfig(
        hostname=parts.hostname,
        port=port or DEFAULT_PORT,
        username=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
        app_db_name=unquote(parts.path[1:]) if parts.path else None,
    )
    for key, value in parse_qsl(parts.query):
        if key == "connect_timeout":
            found["connectionTimeoutMillis"] = int(value) * 1000
        elif key == "sslmode":
            found["ssl"] = value == "require"
        elif key == "sslrootcert":
            found["ssl_ca"] = value
    return found


def _split(url: str) -> tuple[SplitResult, int | None] | None:
    """The parts of a URL and its port; None: they cannot be read."""
    try:
        parts = urlsplit(with_first_host(with_quoted_login(url)))
        return parts, parts.port
    except ValueError:
        return None


def split_login(url: str) -> tuple[str, str | None, str]:
    """The URL in three: up to `://`, the login before its @, and the rest; without a login None.

    A login ends at the last @ before the query, because a password that was not quoted may hold one itself.
    """
    scheme, separator, rest = url.partition("://")
    query = _QUERY.search(rest)
    head = rest if query is None else rest[: query.start()]
    if "@" not in head and ":" in rest.partition("/")[0]:
        # What looks like a query belongs to the password.
        head = rest
    login, at, _ = head.rpartition("@")
    return f"{scheme}{separator}", login if at else None, rest[len(login) + len(at) :]


def with_quoted_login(url: str) -> str:
    """The URL of a PostgreSQL database with user and password quoted, so that everybody finds the same end of them."""
    scheme, login, rest = split_login(url)
    if login is None or not is_postgres(url):
        return url
    user, colon, password = login.partition(":")
    return f"{scheme}{quote(user, safe=_UNQUOTED)}{colon}{quote(password, safe=_UNQUOTED)}@{rest}"


def with_first_host(url: str) -> str:
    """The URL with the first of its hosts only: `postgresql://one:5432,two:5432/name` names two."""
    scheme, login, hosts, rest = _around_hosts(url)
    return f"{scheme}{login}{hosts.partition(',')[0]}{rest}"


def with_hosts_in_query(url: str) -> str:
    """The URL with its hosts in the query, where SQLAlchemy looks for them, if there are several before the path.

    PostgreSQL's own library, and hence everybody, writes `postgresql://user@one:5432,two:5433/name`.
    """
    scheme, login, hosts, rest = _around_hosts(url)
    if not is_postgres(url) or "," not in hosts:
        return url
    path, _, query = rest.partition("?")
    named = "&".join(f"host={quote(host, safe='[]:')}" for host in hosts.split(","))
    return f"{scheme}{login}{path}?{named}{'&' if query else ''}{query}"


def _around_hosts(url: str) -> tuple[str, str, str, str]:
    """The URL in four: up to `://`, the login with its @, the hosts, and the path and query, if there are any."""
    scheme, separator, rest = url.partition("://")
    place = rest.partition("/")[0]
    login, at, hosts = place.rpartition("@")
    hosts = hosts.partition("?")[0]
    before = f"{login}{at}"
    return f"{scheme}{separator}", before, hosts, rest[len(before) + len(hosts) :]


def postgres_url(parts: DatabaseConfig) -> str:
    """The URL of the application's database that the section `database` describes."""
    hostname = parts.get("hostname") or "localhost"
    host = f"[{hostname}]" if ":" in hostname else hostname
    user = quote(parts.get("username") or "postgres", safe="")
    password = parts.get("password")
    login = user if password is None else f"{user}:{quote(password, safe='')}"
    parameters: dict[str, str] = {}
    timeout = parts.get("connectionTimeoutMillis")
    if timeout is not None:
        # The driver counts whole seconds and takes 0 for ever.
        parameters["connect_timeout"] = str(max(1, round(timeout / 1000)))
    if parts.get("ssl") is not None:
        parameters["sslmode"] = "require" if parts.get("ssl") else "disable"
    certificate = parts.get("ssl_ca")
    if certificate is not None:
        parameters["sslrootcert"] = certificate
    query = f"?{urlencode(parameters)}" if parameters else ""
    name = quote(parts.get("app_db_name") or "postgres", safe="")
    return f"postgresql://{login}@{host}:{parts.get('port') or DEFAULT_PORT}/{name}{query}"


def with_login_of_environment(url: str, environment: Mapping[str, str]) -> str:
    """The URL of a PostgreSQL database with what DBOS_DBHOST, DBOS_DBPORT, DBOS_DBUSER and DBOS_DBPASSWORD replace.

    ValueError: DBOS_DBPORT is no number.
    """
    names = ("DBOS_DBHOST", "DBOS_DBPORT", "DBOS_DBUSER", "DBOS_DBPASSWORD")
    host, port, user, password = (environment.get(name) for name in names)
    if not is_postgres(url) or not (host or port or user or password):
        return url
    parts = urlsplit(url)
    found = parse_database_url_to_dbconfig(url)
    login = DatabaseConfig(
        hostname=host or found.get("hostname"),
        port=int(port) if port else found.get("port"),
        username=user or found.get("username"),
        password=password or found.get("password"),
    )
    return parts._replace(netloc=urlsplit(postgres_url(login)).netloc).geturl()


def is_postgres(url: str) -> bool:
    """Whether the URL is of a PostgreSQL database, with or without a driver's name."""
    return url.partition("://")[0].partition("+")[0] in ("postgresql", "postgres")


def sibling_database(url: str, name: str) -> str:
    """The URL of another database of the same server; for SQLite, of another file in the same folder."""
    head, separator, query = url.partition("?")
    if is_postgres(url):
        scheme, _, rest = head.partition("://")
        return f"{scheme}://{rest.partition('/')[0]}/{quote(name, safe='')}{separator}{query}"
    folder, slash, _ = head.rpartition("/")
    file = name if PurePosixPath(name).suffix else f"{name}.sqlite"
    return f"{folder}{slash}{file}{separator}{query}"
