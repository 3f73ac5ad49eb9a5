"""Methods of configured instances, class methods and static methods are transactions, in either stacking order."""

import sqlalchemy as sa

from dbos_typed import DBOS, DBOSConfiguredInstance
from tests.behaviour.app import App


async def check(app: App) -> None:
    app.create_table("payments", "amount integer")

    def pay(amount: int) -> int:
        DBOS.sql_session.execute(sa.text("INSERT INTO payments VALUES (:amount)"), {"amount": amount})
        return amount

    @DBOS.dbos_class("Till")
    class Till(DBOSConfiguredInstance):
        @DBOS.transaction()
        def by_instance(self, amount: int) -> str:
            return f"{self.config_name} {pay(amount)}"

        @classmethod
        @DBOS.transaction()
        def by_class(cls, amount: int) -> str:
            return f"{cls.__name__} {pay(amount)}"

        @DBOS.transaction()
        @classmethod
        def by_class_below(cls, amount: int) -> str:
            return f"{cls.__name__} {pay(amount)}"

        @staticmethod
        @DBOS.transaction()
        def by_none(amount: int) -> str:
            return f"static {pay(amount)}"

        @DBOS.transaction()
        @staticmethod
        def by_none_below(amount: int) -> str:
            return f"static {pay(amount)}"

        @DBOS.workflow()
        async def checkout(self) -> list[str]:
            return [
                self.by_instance(1),
                self.by_class(2),
                self.by_class_below(3),
                self.by_none(4),
                Till.by_none_below(5),
            ]

    till = Till("east")
    handle = await DBOS.start_workflow_async(till.checkout)
    expected = ["east 1", "Till 2", "Till 3", "static 4", "static 5"]
    assert await handle.get_result() == expected
    assert await app.rerun_async(handle.workflow_id, keep=5) == expected
    assert [row["amount"] for row in app.sql("SELECT amount FROM payments ORDER BY amount")] == [1, 2, 3, 4, 5]
