"""The workflow's own exception comes back with its class, arguments and fields, from any kind of handle."""

import pytest

from dbos_typed import DBOS
from tests.behaviour.app import App


class OutOfStock(Exception):
    def __init__(self, item: str, *, missing: int) -> None:
        super().__init__(item)
        self.missing = missing


async def check(app: App) -> None:
    @DBOS.workflow()
    async def ordering() -> None:
        raise OutOfStock("lamp", missing=3)

    started = await DBOS.start_workflow_async(ordering)
    handles = [started, await DBOS.retrieve_workflow_async(started.workflow_id)]
    for handle in handles:
        with pytest.raises(OutOfStock) as raised:
            await handle.get_result()
        assert (raised.value.args, raised.value.missing) == (("lamp",), 3)
        status = await handle.get_status()
        assert status.status == "ERROR"
        assert isinstance(status.error, OutOfStock)
        assert status.output is None
