from gen_refs_start.flows import StartedShop as Shop
from generated.gen_refs_start.flows import StartedShop, started_crawl, started_import


def begin(shop: Shop) -> str:
    started_import.start("in.csv")
    started_import.start("in.csv", limit=3)
    started_import.start(3)  # E: type
    started_import.start("in.csv", max=3)  # E: type
    StartedShop.restock.start(shop, "teapot", 2)
    StartedShop.restock.start(shop, 2, "teapot")  # E: type
    StartedShop.restock.start("teapot", 2)  # E: type
    print(StartedShop.opening.start("mon").get_result() + 1)
    print(StartedShop.opening.start("mon").get_result().upper())  # E: type
    return started_import.start("in.csv").get_result()  # E: type


async def begin_async() -> int:
    handle = await started_crawl.start("u", depth=2)
    await started_crawl.start("u", 2)  # E: type
    await started_crawl.start("u")  # E: type
    started = started_crawl.start("u", depth=1)
    print((await started).workflow_id)
    return await handle.get_result()  # E: type
