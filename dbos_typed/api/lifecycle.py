"""Configuring, launching and stopping the engine."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, ClassVar

from dbos_typed.api.handles import WorkflowHandle
from dbos_typed.api.registration import codec, registry
from dbos_typed.config import DBOSConfig, Settings, read_config
from dbos_typed.errors import DBOSInitializationError
from dbos_typed.runtime import current

logger = logging.getLogger("dbos_typed")


class Lifecycle:
    """The life of the engine in this process."""

    _settings: ClassVar[Settings | None] = None

    def __init__(self, *, config: DBOSConfig | Mapping[str, Any]) -> None:
        """Take the configuration. Nothing is opened before `launch`.

        DBOSInitializationError: the configuration has problems (all are listed), or another one is in force.
        """
        settings = read_config(config)
        if Lifecycle._settings is not None and Lifecycle._settings != settings:
            msg = "DBOS(config=…) was called before with another configuration. Call DBOS.destroy() first."
            raise DBOSInitializationError(msg)
        Lifecycle._settings = settings
        current.configured(is_configured=True)

    @classmethod
    def launch(cls) -> None:
        """Open the database, bring its schema up to date and recover interrupted workflows. Idempotent.

        DBOSInitializationError: the configuration is missing, or the database cannot be used.
        """
        if current.find() is not None:
            return
        settings = Lifecycle._settings
        if settings is None:
            msg = "DBOS.launch() was called without a configuration: call DBOS(config=…) first."
            raise DBOSInitializationError(msg)
        logger.setLevel(settings.log_level)
        # The runtime imports SQLAlchemy and database drivers, which a module that only defines workflows need not
        # wait for.
        module = import_module("dbos_typed.runtime.runtime")
        runtime: current.LaunchedRuntime = module.Runtime(settings, registry=registry, codec=codec, logger=logger)
        current.put(runtime)
        try:
            runtime.start()
        except BaseException:
            current.put(None)
            runtime.close(0.0)
            raise

    @classmethod
    def destroy(cls, *, destroy_registry: bool = False, workflow_completion_timeout_sec: float = 0) -> None:
        """Stop the engine. Idempotent.

        Running workflows have `workflow_completion_timeout_sec` seconds to end; those that do not are recovered at the
        next launch. With `destroy_registry` the decorated functions are forgotten too.
        """
        runtime = current.find()
        current.put(None)
        current.configured(is_configured=False)
        Lifecycle._settings = None
        if runtime is not None:
            runtime.close(workflow_completion_timeout_sec)
        if destroy_registry:
            registry.clear()

    @classmethod
    def recover_pending_workflows(cls, executor_ids: Sequence[str]) -> list[WorkflowHandle[Any]]:
        """Run here what these executors left PENDING, of this application version; handles of what was taken over."""
        backend = current.get()
        return [
            WorkflowHandle(backend, run.workflow_id, run.definition.result_plan, run)
            for run in backend.recover(executor_ids)
        ]
