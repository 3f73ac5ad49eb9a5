from generated.gen_refs_list.flows import listed_report


def totals() -> float:
    total = 0.0
    for status in listed_report.list(status="SUCCESS", limit=10):
        if status.output is not None:
            total += status.output["2024"]
            print(status.output[2024])  # E: type
        print(status.output.values())  # E: type
        if status.status == "DONE":  # E: type
            print("done")
    listed_report.list(limit="10")  # E: type
    listed_report.list(year=2024)  # E: type
    listed_report.list(name="listed_report")  # E: type
    return total
