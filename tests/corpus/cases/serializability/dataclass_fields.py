import socket
import threading
from dataclasses import dataclass, field

from dbos_typed import DBOS


@dataclass
class Account:
    id: str
    lock: threading.RLock = field(default_factory=threading.RLock)


@dataclass
class Connection:
    host: str
    peer: socket.socket | None = None


@dataclass
class Endpoint:
    host: str
    port: int


@dataclass
class Cluster:
    endpoints: list[Endpoint]
    main: Connection


@DBOS.workflow()
def debit(account: Account, cents: int) -> int:  # E: dbos-serializable
    return cents + len(account.id)


@DBOS.workflow()
def probe(endpoint: Endpoint) -> str:
    return endpoint.host


@DBOS.workflow()
def probe_all(cluster: Cluster) -> int:  # E: dbos-serializable
    return len(cluster.endpoints)


@DBOS.step()
def open_connection(host: str) -> Connection:  # E: dbos-serializable
    return Connection(host)
