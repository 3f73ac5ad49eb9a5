from dbos_typed import DBOS


class Jobs:
    @DBOS.workflow()
    @classmethod
    def nightly(cls, tenant: str) -> str:
        return cls.__name__ + tenant

    @DBOS.workflow()
    @staticmethod
    def hourly(tenant: str, retries: int = 0) -> int:
        return len(tenant) + retries


DBOS.start_workflow(Jobs.nightly, "acme")
DBOS.start_workflow(Jobs.nightly, 7)  # E: type
DBOS.start_workflow(Jobs.hourly, "acme", retries=1)
DBOS.start_workflow(Jobs.hourly, "acme", tries=1)  # E: type
