"""dbos-serializable at an `except` that recorded exceptions never take; no others are reported."""

from pathlib import Path

from tests.rules.storing import HEAD, reported


def test_classes_that_no_recovering_process_finds(tmp_path: Path) -> None:
    found = reported(
        tmp_path,
        HEAD
        + """
import boto3
from botocore.exceptions import ClientError

s3 = boto3.client("s3")
NoSuchKey = s3.exceptions.NoSuchKey

class TopError(Exception): ...

@DBOS.step()
def fetch(key: str) -> str:
    return s3.get_object(Key=key)["Body"].read()

def helper() -> None: ...

@DBOS.workflow()
def of_a_client(key: str) -> str:
    try:
        return fetch(key)
    except s3.exceptions.NoSuchKey:  # E: dbos-serializable
        return ""
    except (ValueError, s3.exceptions.NoSuchBucket):  # E: dbos-serializable
        return ""

@DBOS.workflow()
def with_names(key: str) -> str:
    try:
        return fetch(key)
    except NoSuchKey:
        return ""
    except (ClientError, TopError):
        return ""

@DBOS.workflow()
def unrecorded(key: str) -> str:
    try:
        s3.head_object(Key=key)
    except s3.exceptions.NoSuchKey:
        return ""
    try:
        helper()
        fetch(key)
    except s3.exceptions.NoSuchKey:
        return ""
    return key

def make() -> None:
    class LocalError(Exception): ...

    @DBOS.workflow()
    def local() -> str:
        try:
            return fetch("a")
        except LocalError:  # E: dbos-serializable
            return ""
        except TopError:
            return ""

    @DBOS.workflow()
    def raised_here() -> str:
        try:
            fetch("a")
            raise LocalError  # E: dbos-serializable
        except LocalError:
            return ""
""".replace("            raise LocalError  # E: dbos-serializable", "            raise LocalError"),
    )
    texts = [f"{finding.text}; {finding.hint}" for finding in found]
    assert all("is never taken" in text for text in texts)
    assert any("NoSuchKey = client.exceptions.NoSuchKey" in text for text in texts)
    assert any("define the class at the top of a module" in text for text in texts)
