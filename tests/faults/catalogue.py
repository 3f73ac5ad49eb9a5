"""Every fault, by its name."""

from collections.abc import Mapping
from types import MappingProxyType

from tests.faults import local_faults, network_faults, server_faults
from tests.faults.fault import Fault

FAULTS: Mapping[str, Fault] = MappingProxyType(
    {fault.name: fault for fault in (*server_faults.FAULTS, *network_faults.FAULTS, *local_faults.FAULTS)}
)
