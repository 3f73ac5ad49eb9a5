import asyncio

from dbos_typed import DBOS


@DBOS.step()
def tell(name: str) -> str:
    return name


@DBOS.step()
async def tell_async(name: str) -> str:
    return name


@DBOS.workflow()
def comprehended(names: frozenset[str]) -> int:
    told = [tell(name) for name in names]  # E: dbos-deterministic
    ordered = [tell(name) for name in sorted(names)]
    lengths = {len(name) for name in names}
    return len(told) + len(ordered) + max(lengths)


@DBOS.workflow()
async def gathered(names: list[str]) -> int:
    unique = {name.lower() for name in names}
    told = await asyncio.gather(*[tell_async(name) for name in unique])  # E: dbos-deterministic
    again = await asyncio.gather(*[tell_async(name) for name in sorted(unique)])
    kept = [name for name in names if name in unique]
    return len(told) + len(again) + len(kept)


@DBOS.workflow()
def differences(old: set[str], new: set[str]) -> int:
    for name in old - new:  # E: dbos-deterministic
        tell(name)
    for name in sorted(new - old):
        tell(name)
    removed = len(old - new)
    added = ", ".join(sorted(new))
    return removed + len(added)
