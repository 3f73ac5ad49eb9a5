from typing import assert_type

from methods.generated.workflows import Outer, Shop, ShopRestockHandle, ShopWatchHandle
from methods.workflows import Outer as OuterClass
from methods.workflows import Shop as ShopClass

shop = ShopClass("main")
assert_type(Shop.restock.start(shop, "sku", ShopClass.Shelf(1)), ShopRestockHandle)
assert_type(Shop.restock.start(shop, "sku", shelf=ShopClass.Shelf(1)).get_event("shelf"), int | None)
assert_type(Shop.open_all.start(3).get_result(), list[ShopClass.Shelf])
assert_type(Shop.close_all.start().get_result(), None)
assert_type(Shop.audit.start(2024).get_result(), str)
assert_type(Shop.audit_again.start(year=2024).get_result(), str)
assert_type(Outer.Inner.run.start(OuterClass.Inner("x")).get_result(), None)
Outer.build.start()


async def watch() -> None:
    assert_type(await Shop.watch.start(shop, 1.0), ShopWatchHandle)


Shop.restock.start("main", "sku", ShopClass.Shelf(1))  # type: ignore[arg-type]
Shop.restock.start("sku", ShopClass.Shelf(1))  # type: ignore[call-arg, arg-type]
Shop.audit.start(year=2024)  # type: ignore[call-arg]
