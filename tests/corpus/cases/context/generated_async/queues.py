from dbos_typed import Queue

high = Queue("high", priority_enabled=True)
low = Queue("low")
ALL = {"high": high, "low": low}


def queue_for(urgent: bool) -> Queue:
    return high if urgent else low
