from dbos_typed import DBOS, DBOSConfiguredInstance


@DBOS.dbos_class()
class AsyncHandled(DBOSConfiguredInstance):
    @DBOS.workflow()
    async def converse(self, name: str) -> str:
        await DBOS.set_event_async("greeting", f"hello {name}")
        answer: str | None = await DBOS.recv_async("answer")
        return answer or ""
