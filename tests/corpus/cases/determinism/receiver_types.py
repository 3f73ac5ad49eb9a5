from pathlib import Path

import httpx
import requests

from dbos_typed import DBOS


class Api:
    def __init__(self, session: requests.Session) -> None:
        self.session = session

    def get(self, path: str) -> str:
        return self.session.get(path).text


def status(client: httpx.Client, url: str) -> int:
    return client.get(url).status_code


@DBOS.step()
def ask(url: str) -> int:
    with httpx.Client() as client:
        return status(client, url)


@DBOS.workflow()
def probe(url: str, folder: Path) -> int:
    client = httpx.Client()  # E?: dbos-deterministic
    found = client.get(url)  # E: dbos-deterministic
    options = {"get": 1}
    print(options.get("get"), folder.name, folder.suffix)
    size = folder.stat().st_size  # E: dbos-deterministic
    for child in folder.iterdir():  # E: dbos-deterministic
        print(child.name)
    client.close()  # E?: dbos-deterministic
    return ask(url) + size + found.status_code
