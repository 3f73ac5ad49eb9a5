from typing import assert_type

from basics.generated.workflows import CheckoutHandle, checkout, report, totals
from basics.workflows import Receipt

handle = checkout.start("o-1", ["teapot"], express=True)
assert_type(handle, CheckoutHandle)
assert_type(handle.get_result(), Receipt)
assert_type(handle.get_status().output, Receipt | None)
assert_type(handle.get_event("progress"), int | None)
assert_type(handle.get_event("progress", timeout_seconds=1.5), int | None)
assert_type(checkout.retrieve("id").get_result(), Receipt)
assert_type(checkout.list(status="PENDING", limit=3)[0].output, Receipt | None)
assert_type(checkout.resume("id"), CheckoutHandle)
assert_type(report.start().get_result(), None)
assert_type(totals.start().get_result(), dict[str, list[tuple[int, ...]]])

checkout.start(1, [])  # type: ignore[arg-type]
checkout.start("o-1", [1])  # type: ignore[list-item]
checkout.start("o-1", [], True)  # type: ignore[call-arg]
checkout.start("o-1", [], expres=True)  # type: ignore[call-arg]
checkout.start("o-1")  # type: ignore[call-arg]
handle.get_event("progres")  # type: ignore[arg-type]
handle.send("nobody receives this")  # type: ignore[attr-defined]
report.start().get_event("progress")  # type: ignore[attr-defined]
checkout.list(limt=3)  # type: ignore[call-arg]
