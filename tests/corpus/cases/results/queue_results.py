from dbos_typed import DBOS, Queue

queue = Queue("thumbs")


@DBOS.workflow()
def thumbnail(image: str) -> bytes:
    return image.encode()


@DBOS.workflow()
async def describe(image: str) -> str:
    return image


def run(images: list[str]) -> bytes:
    handles = [queue.enqueue(thumbnail, image) for image in images]
    merged = b"".join(handle.get_result() for handle in handles)
    print("".join(handle.get_result() for handle in handles))  # E: type
    words: bytes = queue.enqueue(describe, "i").get_result()  # E: type
    print(words)
    return merged


async def run_async(image: str) -> str:
    handle = await queue.enqueue_async(describe, image)
    print((await handle.get_result()).upper())
    return handle.get_result()  # E: type
