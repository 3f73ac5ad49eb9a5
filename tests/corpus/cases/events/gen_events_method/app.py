from gen_events_method.workflows import KeyedMachine as Machine
from generated.gen_events_method.workflows import KeyedMachine


def run(machine: Machine) -> float:
    handle = KeyedMachine.operate.start(machine, 3)
    handle.send(True, topic="stop")
    handle.send("now", topic="stop")  # E: type
    handle.get_event("pressure")  # E: type
    temperature = handle.get_event("temperature")
    print(temperature.hex())  # E: type
    return temperature or 0.0
