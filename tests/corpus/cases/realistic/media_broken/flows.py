from __future__ import annotations

import asyncio
from pathlib import Path

from dbos_typed import DBOS
from media_broken import tools
from media_broken.tools import Encoder, threads


@DBOS.step()
def encode(path: Path, width: int) -> int:
    return Encoder(width).encode(path)


@DBOS.step()
async def encode_async(path: Path, width: int) -> int:
    return await asyncio.to_thread(encode, path, width)


@DBOS.workflow()
def convert(path: Path, widths: list[int]) -> list[int]:
    encoder = Encoder(widths[0])
    print(encoder.output(path).name)
    codes = [encoder.encode(path)]  # E: dbos-deterministic
    if threads() > 1:  # E: dbos-deterministic
        codes += [encode(path, width) for width in widths]
    tools.ffmpeg("-version")  # E: dbos-deterministic
    print(tools.target(path, 3))
    encode(path, "640")  # E: type
    return codes


@DBOS.workflow()
async def convert_async(path: Path, widths: list[int]) -> int:
    tasks = [asyncio.create_task(encode_async(path, width)) for width in widths]
    total = 0
    for task in asyncio.as_completed(tasks):  # E: dbos-deterministic
        total += await task
    encode_async(path, 3)  # E: dbos-async
    child = DBOS.start_workflow(convert, path, widths)  # E: dbos-async
    print(child.workflow_id)
    await DBOS.start_workflow_async(convert, path, widths)  # E: dbos-async
    return total
