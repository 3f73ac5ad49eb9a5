from dbos_typed import DBOS


@DBOS.workflow()
def counted_words(text: str) -> int:
    return len(text.split())


@DBOS.workflow()
async def listed_words(text: str) -> list[str]:
    return text.split()
