from dbos_typed import DBOS, Queue

queue = Queue("mails")


@DBOS.workflow()
def send_mail(to: str) -> None:
    DBOS.logger.info(to)


@DBOS.workflow()
async def send_push(to: str) -> None:
    DBOS.logger.info(to)


async def notify(to: str) -> None:
    await DBOS.start_workflow_async(send_push, to)
    await DBOS.start_workflow_async(send_mail, to)  # E: dbos-async
    await queue.enqueue_async(send_push, to)
    await queue.enqueue_async(send_mail, to)  # E: dbos-async
