from dbos_typed import DBOS


@DBOS.step()
def charge(cents: int) -> str:
    return str(cents)


@DBOS.workflow()
def pay(cents: int) -> str:
    return charge(cents)


def plain(cents: int) -> str:
    return str(cents)


print(DBOS.retrieve_workflow("wf", workflow=pay).get_result().upper())
print(DBOS.retrieve_workflow("wf", workflow=charge))  # E: dbos-workflow
print(DBOS.retrieve_workflow("wf", workflow=plain))  # E: dbos-workflow
print(DBOS.retrieve_workflow("wf", workflow="pay"))  # E: type
print(DBOS.retrieve_workflow("wf", True, pay))  # E: type
