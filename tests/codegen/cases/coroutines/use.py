from typing import assert_type

from coroutines.generated.workflows import SurveyHandle, survey
from coroutines.workflows import Approval


async def use() -> None:
    handle = await survey.start(["a"])
    assert_type(handle, SurveyHandle)
    assert_type(await handle.get_result(), dict[str, float])
    assert_type(await handle.get_event("size"), float | None)
    assert_type((await (await survey.retrieve("id")).get_status()).output, dict[str, float] | None)
    await handle.send(Approval("ann"), "approval", idempotency_key="once")
    await handle.send("hello", topic="note")
    await handle.send("yes", topic="approval")  # type: ignore[call-overload]
    await handle.send("yes")  # type: ignore[call-overload]
    survey.start(["a"]).get_result()  # type: ignore[attr-defined]
