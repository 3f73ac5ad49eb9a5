from typing import TypedDict

from typing_extensions import NotRequired, Unpack

from dbos_typed import DBOS


class Options(TypedDict):
    region: str
    replicas: NotRequired[int]


@DBOS.workflow()
def deploy(service: str, **options: Unpack[Options]) -> str:
    return service + options["region"]


@DBOS.workflow()
def tag(service: str, **labels: str) -> int:
    return len(service) + len(labels)


def run() -> None:
    DBOS.start_workflow(deploy, "api", region="eu")
    DBOS.start_workflow(deploy, "api", region="eu", replicas=3)
    DBOS.start_workflow(deploy, "api", region=3)  # E: type
    DBOS.start_workflow(deploy, "api")  # E: type
    DBOS.start_workflow(tag, "api", team="core", tier="1")
    DBOS.start_workflow(tag, "api", tier=1)  # E: type
