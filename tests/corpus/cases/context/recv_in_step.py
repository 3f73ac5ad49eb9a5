from dbos_typed import DBOS


@DBOS.step()
def wait_for_answer(question: str) -> str:
    answer = DBOS.recv("answer")  # E: dbos-context
    return str(answer) + question


@DBOS.workflow()
def ask(question: str) -> str:
    answer = DBOS.recv("answer")
    return str(answer) + wait_for_answer(question)
