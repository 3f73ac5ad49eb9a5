from dbos_typed import DBOS, Queue

mails = Queue("mails", concurrency=5)


@DBOS.workflow()
def send(to: str, *, urgent: bool = False) -> bool:
    return urgent and bool(to)


@DBOS.step()
def log(to: str) -> None:
    DBOS.logger.info(to)


mails.enqueue(send, "a@b.c", urgent=True)
mails.enqueue(send, 3)  # E: type
mails.enqueue(send, "a@b.c", True)  # E: type
mails.enqueue(log, "a@b.c")  # E: dbos-workflow
mails.enqueue(send("a@b.c"))  # E: type
text: str = mails.enqueue(send, "a").get_result()  # E: type
ok: bool = mails.enqueue(send, "a").get_result()
