"""Classes whose instances are found again by name."""

from __future__ import annotations

from dbos_typed.api.places import place_of_instance
from dbos_typed.api.registration import registry
from dbos_typed.core.names import check_name


class DBOSConfiguredInstance:
    """Base of classes with workflow methods: a recovered workflow finds its `self` by class and `config_name`.

    Create every instance before DBOS.launch(). DBOSConflictingRegistrationError: the class has an instance of this
    name.
    """

    def __init__(self, config_name: str) -> None:
        self.config_name = check_name(config_name, f"config_name of {type(self).__qualname__}")
        registry.add_instance(registry.class_name_of(type(self)), self.config_name, self, place_of_instance(self))
