from dbos_typed import DBOS, DBOSConfiguredInstance


@DBOS.dbos_class("Agent")
class Agent(DBOSConfiguredInstance):
    def __init__(self, name: str, model: str) -> None:
        super().__init__(name)
        self.model = model

    @DBOS.workflow()
    async def answer(self, question: str, *, max_tokens: int = 100) -> str:
        return (await self.ask(question, max_tokens)) + self.model

    @DBOS.step()
    async def ask(self, question: str, max_tokens: int) -> str:
        return question[:max_tokens]


async def serve(agent: Agent) -> str:
    handle = await DBOS.start_workflow_async(agent.answer, "why?", max_tokens=5)
    await DBOS.start_workflow_async(agent.answer, "why?", tokens=5)  # E: type
    await DBOS.start_workflow_async(agent.answer, "why?", 5)  # E: type
    await DBOS.start_workflow_async(agent.ask, "why?", 5)  # E: dbos-workflow
    await agent.answer(42)  # E: type
    return await handle.get_result()
