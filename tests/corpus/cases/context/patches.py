from dbos_typed import DBOS


@DBOS.step()
def price(sku: str) -> int:
    if DBOS.patch("euros"):  # E: dbos-context
        return len(sku)
    return 0


@DBOS.workflow()
def sell(sku: str) -> int:
    if DBOS.patch("discount"):
        return price(sku) - 1
    return price(sku)
