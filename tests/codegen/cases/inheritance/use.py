"""What type checkers see."""

from typing import Any, assert_type

from dbos_typed import DBOSClient, WorkflowHandle
from inheritance import bases
from inheritance import workflows as code
from inheritance.generated.workflows import Bare, Branch, Crate, Half, Shop


def use(shop: code.Shop, branch: code.Branch, half: code.Half[bytes], crate: code.Crate[int], client: DBOSClient) -> None:
    handle = Shop.run.start(shop, "x", [bases.last])
    assert_type(handle.get_result(), bytes | None)
    assert_type(handle.get_event("parts"), int | None)
    assert_type(Branch.run.start(branch, "x", []).get_result(), bytes | None)
    assert_type(Branch.own.via(client).enqueue("queue", "name").get_result(), bool)
    assert_type(Shop.again.retrieve("id").get_result(), int)
    assert_type(Shop.build.start(2).get_result(), str)
    assert_type(Branch.audit.start(2024).get_result(), str)
    assert_type(Shop.convert.start(shop, 1).get_result(), str)
    assert_type(Shop.convert.start(shop, "1").get_result(), int)
    assert_type(Half.run.start(half, b"x", []).get_result(), int | None)
    assert_type(Crate.pack.start(crate, 1).get_result(), list[int])
    assert_type(Crate.size.start(crate).get_result(), int)
    Shop.run.start(shop, 1, [])  # type: ignore[arg-type]
    any_handle: WorkflowHandle[Any] = Bare.run.retrieve("id")
    print(any_handle)
