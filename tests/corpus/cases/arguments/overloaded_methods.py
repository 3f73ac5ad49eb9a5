from typing import overload

from dbos_typed import DBOS, DBOSConfiguredInstance, Queue

queue = Queue("overloads")


@DBOS.dbos_class()
class Vault(DBOSConfiguredInstance):
    @overload
    def fetch(self, key: int) -> bytes: ...
    @overload
    def fetch(self, key: str, *, text: bool) -> str: ...
    @DBOS.workflow()
    def fetch(self, key: int | str, *, text: bool = False) -> bytes | str:
        return str(key) if text else bytes(3)


vault = Vault("v")
vault.fetch(1)
vault.fetch("a", text=True)
vault.fetch("a")  # E: type
vault.fetch(1, text=True)  # E: type
