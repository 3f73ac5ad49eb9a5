from dbos_typed import DBOSClient
from generated.gen_refs_client.flows import client_print, client_scan


def main(url: str) -> int:
    with DBOSClient(url) as client:
        printing = client_print.via(client)
        handle = printing.enqueue("printers", "thesis.pdf", 2)
        printing.enqueue("printers", "thesis.pdf", "2")  # E: type
        printing.enqueue("printers")  # E: type
        printing.enqueue("printers", "thesis.pdf", colour=True)  # E: type
        print(printing.retrieve("w").get_result().upper())  # E: type
        text: str = handle.get_result()  # E: type
        print(text)
        return printing.retrieve("w").get_result()


async def scan(url: str) -> bytes:
    with DBOSClient(url) as client:
        handle = await client_scan.via(client).enqueue("scanners", 1)
        await client_scan.via(client).enqueue("scanners", "1")  # E: type
        client_scan.via(url)  # E: type
        return await handle.get_result()
