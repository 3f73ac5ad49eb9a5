from pydantic import BaseModel

from dbos_typed import DBOS, Topic


class Command(BaseModel):
    verb: str
    arguments: list[str] = []


class Ping(BaseModel):
    at: int


COMMANDS = Topic[Command | Ping]("commands")


@DBOS.workflow()
def shell() -> list[str]:
    message = DBOS.recv(COMMANDS)
    match message:
        case Command():
            print(message.at)  # E: type
            return message.arguments
        case Ping():
            return [str(message.at)]
        case None:
            return []


DBOS.send("wf", Command(verb="ls"), COMMANDS)
DBOS.send("wf", Ping(at=1), COMMANDS)
DBOS.send("wf", Command, COMMANDS)  # E: type
DBOS.send("wf", ["ls"], COMMANDS)  # E: type
