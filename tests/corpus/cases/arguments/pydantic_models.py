from pydantic import BaseModel

from dbos_typed import DBOS


class Signup(BaseModel):
    email: str
    plan: str = "free"


class Login(BaseModel):
    email: str


@DBOS.workflow()
def onboard(signup: Signup) -> str:
    return signup.email


def handle(signup: Signup, login: Login) -> str:
    DBOS.start_workflow(onboard, signup)
    DBOS.start_workflow(onboard, login)  # E: type
    DBOS.start_workflow(onboard, {"email": "a@b.c"})  # E: type
    return onboard(signup)
