from dbos_typed import DBOS


@DBOS.step()
def fetch(url: str) -> bytes:
    return url.encode()


@DBOS.transaction()
def rows() -> list[tuple[int, str]]:
    return [(1, "a")]


@DBOS.workflow()
def load(url: str) -> str:
    body = fetch(url)
    for number, name in rows():
        print(number + 1, name.upper())
        print(number.upper())  # E: type
    return body  # E: type


@DBOS.workflow()
def load_text(url: str) -> str:
    return fetch(url).decode()
