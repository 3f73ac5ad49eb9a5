from gen_refs_methods_by_id.flows import ByIdOffice as Office
from generated.gen_refs_methods_by_id.flows import ByIdOffice


async def write(office: Office) -> int:
    handle = await ByIdOffice.write_report.start(office, "rain", pages=2)
    await ByIdOffice.write_report.start(office, pages=2)  # E: type
    print((await handle.get_result()).page)  # E: type
    again = await ByIdOffice.write_report.retrieve("w")
    return (await again.get_result()).pages


def archive() -> int:
    reports = ByIdOffice.archive_reports.start(2024).get_result()
    ByIdOffice.archive_reports.start("2024")  # E: type
    ByIdOffice.archive_report.start(2024)  # E: type
    print(reports.pages)  # E: type
    resumed = ByIdOffice.archive_reports.resume("w")
    return resumed.get_result()[0].pages
