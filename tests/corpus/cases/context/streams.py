from dbos_typed import DBOS, Stream

WORDS = Stream[str]("words")


@DBOS.workflow()
def speak(text: str) -> int:
    for word in text.split():
        DBOS.write_stream(WORDS, word)
    DBOS.close_stream(WORDS)
    return len(text)


@DBOS.step()
def listen(workflow_id: str) -> str:
    DBOS.write_stream(WORDS, "listening")
    return " ".join(DBOS.read_stream(workflow_id, WORDS))


@DBOS.workflow()
def repeat(workflow_id: str) -> str:
    for word in DBOS.read_stream(workflow_id, WORDS):  # E: dbos-context
        DBOS.logger.info(word)
    return listen(workflow_id)


def outside(workflow_id: str) -> list[str]:
    DBOS.start_workflow(speak, "a b")
    return list(DBOS.read_stream(workflow_id, WORDS))
