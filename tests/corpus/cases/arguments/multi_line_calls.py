from dbos_typed import DBOS


@DBOS.workflow()
def register(
    email: str,
    age: int,
    *,
    newsletter: bool = False,
) -> str:
    return email * age if newsletter else email


handle = DBOS.start_workflow(
    register,
    "a@b.c",
    30,
    newsletter=True,
)
DBOS.start_workflow(  # E: type
    register,
    "a@b.c",
    "30",
)
result = (
    DBOS.start_workflow(register, "a", 3)
    .get_result()
    .upper()
)
register(
    "a",
    age=3,
    newsletter="yes",  # E: type
)
