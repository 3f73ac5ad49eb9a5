from dbos_typed import Queue
from generated.gen_enqueue_refs.flows import queued_label, queued_resize

images = Queue("images", worker_concurrency=2)


def run(path: str) -> bytes:
    handle = queued_resize.enqueue(images, path, 640)
    queued_resize.enqueue(images, path)  # E: type
    queued_resize.enqueue("images", path, 640)  # E: type
    queued_resize.enqueue(images, path, "640")  # E: type
    return handle.get_result()


async def label(path: str) -> str:
    handle = await queued_label.enqueue(images, path)
    await queued_label.enqueue(images, path, 3)  # E: type
    return handle.get_result()[0]  # E: type
