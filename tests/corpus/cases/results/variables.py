from dbos_typed import DBOS


@DBOS.workflow()
def me(prefix: str) -> str:
    user = DBOS.authenticated_user
    print(user.upper())  # E: type
    print(DBOS.authenticated_roles[0])  # E: type
    print(DBOS.workflow_id.upper(), DBOS.workflow_ids)  # E: type
    if user is None:
        return prefix + DBOS.workflow_id
    return prefix + user
