from dbos_typed import DBOS, Stream

AGENT_TOKENS = Stream[str]("tokens")


@DBOS.workflow()
async def keyed_agent(goal: str) -> int:
    await DBOS.set_event_async("thinking", True)
    question: str | None = await DBOS.recv_async("question", timeout_seconds=5)
    await DBOS.write_stream_async(AGENT_TOKENS, question or goal)
    await DBOS.set_event_async("thinking", False)
    return len(goal)
