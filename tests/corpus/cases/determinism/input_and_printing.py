import getpass
import logging

from dbos_typed import DBOS

log = logging.getLogger(__name__)


@DBOS.step()
def ask(question: str) -> str:
    return input(question)


@DBOS.workflow()
def survey(question: str) -> str:
    log.info("asking %s", question)
    print(question)
    name = input("name? ")  # E: dbos-deterministic
    user = getpass.getuser()  # E: dbos-deterministic
    return name + user + ask(question)
