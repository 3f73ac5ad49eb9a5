import os
import platform
import socket
import sys
from os import environ, getenv

from dbos_typed import DBOS

REGION = os.environ.get("REGION", "eu")


@DBOS.step()
def setting(name: str) -> str:
    return os.environ[name]


@DBOS.workflow()
def deploy(service: str) -> str:
    region = os.environ["REGION"]  # E: dbos-deterministic
    zone = os.environ.get("ZONE")  # E: dbos-deterministic
    tier = getenv("TIER", "1")  # E: dbos-deterministic
    if "DEBUG" in environ:  # E: dbos-deterministic-log
        print(service)
    host = socket.gethostname()  # E: dbos-deterministic
    pid = os.getpid()  # E: dbos-deterministic
    system = platform.node()  # E: dbos-deterministic
    arguments = sys.argv[1:]  # E: dbos-deterministic
    joined = os.path.join(service, "a")
    return f"{region}{zone}{tier}{host}{pid}{system}{arguments}{joined}{setting('A')}"
