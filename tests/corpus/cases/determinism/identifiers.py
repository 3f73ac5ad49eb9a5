import uuid
from uuid import uuid4

from dbos_typed import DBOS


@DBOS.step()
def new_id() -> str:
    return str(uuid4())


@DBOS.workflow()
def create(name: str) -> str:
    good = uuid.uuid5(uuid.NAMESPACE_URL, name)
    stored = new_id()
    own = DBOS.workflow_id
    bad = uuid4()  # E: dbos-deterministic
    worse = str(uuid.uuid1())  # E: dbos-deterministic
    return f"{good}{stored}{own}{bad}{worse}"
