from dbos_typed import DBOS, Stream

TOKENS = Stream[str]("tokens")


@DBOS.workflow()
def talk(prompt: str) -> int:
    for word in prompt.split():
        DBOS.write_stream(TOKENS, word)
    DBOS.close_stream(TOKENS)
    return len(prompt)


def read(workflow_id: str) -> int:
    total = 0
    for token in DBOS.read_stream(workflow_id, TOKENS):
        total += len(token)
    return total


def read_last(workflow_id: str) -> int:
    for token in DBOS.read_stream(workflow_id, TOKENS):
        return token  # E: type
    return 0


async def read_async(workflow_id: str) -> list[str]:
    words = [token async for token in DBOS.read_stream_async(workflow_id, TOKENS)]
    print(sum(words))  # E: type
    return words
