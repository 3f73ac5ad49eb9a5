from generated.gen_events_async.workflows import keyed_agent


async def ask(workflow_id: str) -> bool:
    handle = await keyed_agent.retrieve(workflow_id)
    await handle.send("why?", topic="question")
    await handle.send(3, topic="question")  # E: type
    await handle.send("why?", topic="questions")  # E: type
    thinking = await handle.get_event("thinking")
    await handle.get_event("thought")  # E: type
    handle.get_event("thinking").bit_length()  # E: type
    async for token in handle.read_stream("tokens"):
        print(token.upper())
        print(token + 1)  # E: type
    handle.read_stream("words")  # E: type
    return thinking is True
