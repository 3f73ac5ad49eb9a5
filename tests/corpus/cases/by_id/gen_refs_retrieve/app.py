from generated.gen_refs_retrieve.workflows import ref_checkout, ref_notify


def total(workflow_id: str) -> int:
    receipt = ref_checkout.retrieve(workflow_id).get_result()
    print(receipt.payment.upper())
    print(receipt.total.upper())  # E: type
    print(receipt.amount)  # E: type
    return receipt.total


def payment(workflow_id: str) -> str:
    output = ref_checkout.retrieve(workflow_id).get_status().output
    print(output.payment)  # E: type
    return "" if output is None else output.payment


def again(workflow_id: str) -> str:
    print(ref_checkout.restart(workflow_id).get_result().total + 1)
    print(ref_checkout.resume(workflow_id).get_result()["total"])  # E: type
    ref_checkout.fork(workflow_id)  # E: type
    ref_checkout.fork(workflow_id, 2)
    ref_checkout.cancel(7)  # E: type
    return ref_checkout.fork(workflow_id, 2).get_result().total  # E: type


async def users(workflow_id: str) -> str:
    handle = await ref_notify.retrieve(workflow_id)
    print((await handle.get_result())[0].upper())
    ref_notify.retrieve(workflow_id).get_result()  # E: type
    return await handle.get_result()  # E: type
