from __future__ import annotations

import asyncio
from pathlib import Path

from dbos_typed import DBOS
from media_clean import probe as probing
from media_clean.probe import Info, fits


@DBOS.step()
async def inspect(path: Path) -> Info:
    return await asyncio.to_thread(probing.probe, path)


@DBOS.step()
async def transcode(path: Path, width: int) -> Path:
    target = probing.scratch() / path.with_suffix(f".{width}.mp4").name
    process = await asyncio.create_subprocess_exec("ffmpeg", str(path), str(target))
    await asyncio.wait_for(process.wait(), timeout=600)
    return target


@DBOS.workflow()
async def ladder(path: Path, widths: list[int]) -> dict[int, Path]:
    info = await inspect(path)
    if fits(info, min(widths)):
        return {info["width"]: path}
    wanted = [width for width in widths if width <= info["width"]]
    made = await asyncio.gather(*(transcode(path, width) for width in wanted))
    return dict(zip(wanted, made, strict=True))


@DBOS.workflow()
async def library(folder: str, names: frozenset[str]) -> int:
    total = 0
    for name in sorted(names):
        handle = await DBOS.start_workflow_async(ladder, Path(folder) / name, [640, 1280])
        total += len(await handle.get_result())
        await DBOS.set_event_async("done", total)
    return total
