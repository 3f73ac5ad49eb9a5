from dbos_typed import DBOS


@DBOS.workflow()
async def translate(text: str) -> list[str]:
    return [text]


async def use() -> str:
    handle = await DBOS.start_workflow_async(translate, "hi")
    words = await handle.get_result()
    print(words[0].upper())
    status = await handle.get_status()
    print(status.status)
    text: str = await handle.get_result()  # E: type
    return text + words  # E: type
