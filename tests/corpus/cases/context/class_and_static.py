from dbos_typed import DBOS, Queue

MAIL = Queue("mail")


@DBOS.dbos_class()
class Mailer:
    @staticmethod
    @DBOS.workflow()
    def deliver(to: str) -> str:
        return to

    @classmethod
    @DBOS.step()
    def broadcast(cls, names: list[str]) -> int:
        for name in names:
            cls.deliver(name)  # E: dbos-context
        return len(names)

    @staticmethod
    @DBOS.step()
    def later(to: str) -> str:
        return MAIL.enqueue(Mailer.deliver, to).workflow_id  # E: dbos-context

    @classmethod
    @DBOS.workflow()
    def newsletter(cls, names: list[str]) -> int:
        for name in names:
            cls.deliver(name)
            MAIL.enqueue(cls.deliver, name)
        return cls.broadcast(names)
