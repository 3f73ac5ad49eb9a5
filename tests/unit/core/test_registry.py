"""What the application registered."""

import pytest

from dbos_typed.core.registry import Registry
from dbos_typed.error import DBOSConflictingRegistrationError, DBOSWorkflowFunctionNotFoundError
from tests.unit.core.definitions import definition_of


def _first() -> int:
    return 1


def _second() -> int:
    return 2


class _Shop:
    pass


class _Warehouse:
    pass


def test_workflow_is_found_by_name() -> None:
    registry = Registry()
    definition = definition_of(_first)
    registry.add_workflow(definition)
    assert registry.workflow("flow", workflow_id="w") is definition


def test_importing_a_module_again_replaces_its_functions() -> None:
    registry = Registry()
    registry.add_workflow(definition_of(_first))
    again = definition_of(_first)
    registry.add_workflow(again)
    assert registry.workflow("flow", workflow_id="w") is again


def test_another_function_of_the_same_name_is_refused_and_the_first_one_stays() -> None:
    registry = Registry()
    first = definition_of(_first)
    registry.add_workflow(first)
    with pytest.raises(DBOSConflictingRegistrationError) as refused:
        registry.add_workflow(definition_of(_second))
    assert refused.value.registered.endswith(":_first")
    assert refused.value.conflicting.endswith(":_second")
    assert registry.workflow("flow", workflow_id="w") is first


def test_unknown_name_is_refused_with_the_known_ones() -> None:
    registry = Registry()
    registry.add_workflow(definition_of(_first))
    with pytest.raises(DBOSWorkflowFunctionNotFoundError, match=r"'w' is a 'gone'.*Registered: flow") as refused:
        registry.workflow("gone", workflow_id="w")
    assert refused.value.workflow_id == "w"


def test_class_has_its_registered_name_else_its_own() -> None:
    registry = Registry()
    assert registry.class_name_of(_Shop) == "_Shop"
    registry.add_class("Shop", _Shop)
    registry.add_class("Shop", _Shop)
    assert registry.class_name_of(_Shop) == "Shop"
    assert registry.class_named("Shop") is _Shop
    with pytest.raises(DBOSConflictingRegistrationError, match="Shop"):
        registry.add_class("Shop", _Warehouse)


def test_instance_is_found_by_class_and_name() -> None:
    registry = Registry()
    east = _Shop()
    registry.add_instance("Shop", "east", east)
    registry.add_instance("Shop", "east", east)
    assert registry.instance("Shop", "east") is east
    assert registry.instance("Shop", "west") is None
    with pytest.raises(DBOSConflictingRegistrationError, match="Shop/east"):
        registry.add_instance("Shop", "east", _Shop())


def test_cleared_registry_is_empty() -> None:
    registry = Registry()
    registry.add_workflow(definition_of(_first))
    registry.add_class("Shop", _Shop)
    registry.add_instance("Shop", "east", _Shop())
    registry.clear()
    assert registry.workflows() == {}
    assert registry.class_named("Shop") is None
    assert registry.instance("Shop", "east") is None
    registry.add_workflow(definition_of(_second))
