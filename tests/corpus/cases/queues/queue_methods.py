from dbos_typed import DBOS, DBOSConfiguredInstance, Queue, SetEnqueueOptions


@DBOS.dbos_class()
class Printer(DBOSConfiguredInstance):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.queue = Queue(f"printer-{name}", 1)

    @DBOS.workflow()
    def print_page(self, page: int) -> int:
        return page

    @DBOS.workflow()
    def print_all(self, pages: int) -> int:
        handles = [self.queue.enqueue(self.print_page, page) for page in range(pages)]
        for page in range(pages):
            self.queue.enqueue(self.print_page, str(page))  # E: type
        return sum(handle.get_result() for handle in handles)

    @DBOS.step()
    def eject(self, page: int) -> str:
        return self.queue.enqueue(self.print_page, page).workflow_id  # E: dbos-context


laser = Printer("laser")
with SetEnqueueOptions(deduplication_id="a", priority=3):
    laser.queue.enqueue(laser.print_all, 2)
with SetEnqueueOptions(deduplication_id=1):  # E: type
    laser.queue.enqueue(laser.print_all, pages="2")  # E: type
