from dbos_typed import DBOS, Queue

renders = Queue("renders")


@DBOS.workflow()
async def render(scene: str, frames: int = 1) -> bytes:
    return scene.encode() * frames


@DBOS.workflow()
def render_blocking(scene: str) -> bytes:
    return scene.encode()


async def main() -> int:
    handle = await renders.enqueue_async(render, "s", frames=2)
    await renders.enqueue_async(render, "s", "2")  # E: type
    await renders.enqueue_async(render_blocking, "s")  # E: dbos-async
    await renders.enqueue_async(render)  # E: type
    return await handle.get_result()  # E: type
