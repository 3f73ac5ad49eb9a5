"""Configuring, launching and stopping the engine."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import threading
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal, cast

from dbos_typed.api.managing import Managing
from dbos_typed.api.observing import logger, observe, stop_observing
from dbos_typed.api.operating import Operating
from dbos_typed.api.registration import codec, registry, tracer
from dbos_typed.api.reminding import reminder
from dbos_typed.api.serializing import serializers
from dbos_typed.api.services import Service, ServiceFactory, services
from dbos_typed.config import (
    DBOS_CONFIG_PATH,
    ConfigFile,
    DBOSConfig,
    Settings,
    environment_of,
    load_config,
    read_config,
)
from dbos_typed.core import context
from dbos_typed.core.quantities import check_duration
from dbos_typed.error import DBOSInitializationError
from dbos_typed.runtime import current

if TYPE_CHECKING:
    # Web frameworks are optional.
    from flask import Flask
    from starlette.applications import Starlette


_destroying = threading.RLock()
_relaunching = threading.RLock()


class Lifecycle:
    """The life of the engine in this process."""

    _settings: ClassVar[Settings | None] = None
    _shown: ClassVar[Settings | None] = None
    """What was read from the file before DBOS(…) was called."""

    def __init__(
        self,
        *,
        config: DBOSConfig | ConfigFile | None = None,
        fastapi: Starlette | None = None,
        flask: Flask | None = None,
    ) -> None:
        """Take the configuration; without one, that of dbos-config.yaml. Nothing is opened before `launch`.

        `fastapi` is an application with which the engine is launched and destroyed, and whose requests run in its
        context; `flask` likewise, launched by `launch`. The section `env` of the configuration is set as environment
        variables.

        DBOSInitializationError: the configuration is missing or has problems (all are listed), or another one is in
        force.
        """
        if config is not None and not isinstance(cast("object", config), Mapping):
            msg = f"DBOS(config={config!r}): the configuration must be a mapping such as {{'name': 'my-app'}}."
            raise DBOSInitializationError(msg)
        if config is not None or Lifecycle._settings is None:
            settings = read_config(_config_of_file() if config is None else config)
            if Lifecycle._settings is not None and Lifecycle._settings != settings:
                msg = (
                    "DBOS(config=…) was called with a conflicting configuration: another configuration is in force. "
                    "Call DBOS.destroy() first."
                )
                raise DBOSInitializationError(msg)
            if Lifecycle._shown is not None and Lifecycle._shown != settings:
                msg = (
                    f"DBOS was configured multiple times: DBOS.config was read from {DBOS_CONFIG_PATH}, and now DBOS() "
                    "has another configuration. Call DBOS(config=…) before anything reads DBOS.config."
                )
                raise DBOSInitializationError(msg)
            self._configure(settings)
        # Integrations lie above this layer, and their libraries need not be installed.
        if fastapi is not None:
            settings = self.settings()

            def launch() -> None:
                # Destroying forgets the configuration, and an application may be started again.
                if Lifecycle._settings is None:
                    self._configure(settings)
                self.launch()

            import_module("dbos_typed.integrations.fastapi").attach(fastapi, launch=launch, destroy=self.destroy)
        if flask is not None:
            import_module("dbos_typed.integrations.flask").attach(flask)

    @staticmethod
    def _configure(settings: Settings) -> None:
        serializers.hold(Lifecycle, settings.serializer)
        Lifecycle._settings = settings
        reminder.configured()
        os.environ.update(environment_of(settings.processed))
        current.configured(is_configured=True)

    @classmethod
    def settings(cls) -> Settings:
        """The configuration in force; before DBOS(…), that of dbos-config.yaml.

        DBOSInitializationError: there is neither, or the file has problems.
        """
        if Lifecycle._settings is not None:
            return Lifecycle._settings
        Lifecycle._shown = read_config(_config_of_file())
        return Lifecycle._shown

    @classmethod
    def launch(cls, *, event_loop: asyncio.AbstractEventLoop | Literal["own"] | None = None) -> None:
        """Open the database, bring its schema up to date and recover interrupted workflows. Idempotent.

        `event_loop` is the application's: coroutine workflows that no coroutine starts, those from queues and recovered
        ones above all, run on it while it turns. By default it is the one that runs where this is called, as in the
        lifespan of a web application; without one, and with "own", they run on a loop of the engine's own.

        In a process that was forked from one in which DBOS was launched, this launches an executor of its own.

        DBOSInitializationError: the configuration is missing, the database cannot be used, or a living process holds
        the configured executor_id.
        """
        if event_loop not in (None, "own") and not isinstance(cast("object", event_loop), asyncio.AbstractEventLoop):
            msg = f'DBOS.launch(event_loop={event_loop!r}): give an event loop, or "own" for the engine\'s.'
            raise TypeError(msg)
        launched = current.find()
        if launched is not None:
            _offer_loop(launched, event_loop)
            return
        is_forked = current.is_forked()
        settings = _settings_of_child(Lifecycle._settings) if is_forked else Lifecycle._settings
        if settings is None:
            msg = "DBOS.launch() was called without a configuration: call DBOS(config=…) first."
            raise DBOSInitializationError(msg)
        logger.setLevel(settings.log_level)
        # The runtime imports SQLAlchemy and database drivers, which a module that only defines workflows need not
        # wait for.
        module = import_module("dbos_typed.runtime.runtime")
        observe(settings)
        runtime: current.LaunchedRuntime = module.Runtime(
            settings, registry=registry, codec=codec, logger=logger, tracer=tracer
        )
        tracer.describe(
            {
                "applicationID": settings.application_id,
                "applicationVersion": runtime.engine.app_version,
                "executorID": runtime.engine.executor_id,
            }
        )
        current.put(runtime)
        reminder.launched()
        _offer_loop(runtime, event_loop)
        try:
            runtime.start()
            # The parent's services have their ports.
            services.start(() if is_forked else _configured_services(settings))
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
        check_duration(workflow_completion_timeout_sec, "workflow_completion_timeout_sec", may_be_zero=True)
        with _destroying:
            services.stop()
            runtime = current.find()
            try:
                if runtime is not None:
                    # What runs still needs the runtime: without it, the next call of a workflow would be its end.
                    runtime.close(workflow_completion_timeout_sec)
            finally:
                current.put(None)
                current.configured(is_configured=False)
                Lifecycle._settings = Lifecycle._shown = None
                reminder.launched()
        serializers.release(Lifecycle)
        if destroy_registry:
            registry.clear()
            services.clear()
        stop_observing()

    @classmethod
    def reset_system_database(cls) -> None:
        """Remove everything that is recorded of workflows, for tests and development; the application's tables stay.

        To be called between DBOS(config=…) and DBOS.launch(), which creates the tables anew, while no other process
        uses the database. DBOSInitializationError: the engine is launched, or the database cannot be used.
        """
        if current.find() is not None:
            msg = (
                "DBOS.reset_system_database() was called while the engine runs, whose workflows would lose their "
                "records. Call DBOS.destroy() first, and then DBOS(config=…) again. Nothing was removed."
            )
            raise DBOSInitializationError(msg)
        settings = cls.settings()
        # As in launch: the drivers need not be imported by a module that only defines workflows.
        import_module("dbos_typed.storage.maintenance").reset_databases(settings)


def _offer_loop(runtime: current.LaunchedRuntime, chosen: asyncio.AbstractEventLoop | Literal["own"] | None) -> None:
    """Tell the runtime of the application's event loop, if there is one."""
    if chosen is None:
        with contextlib.suppress(RuntimeError):
            runtime.use_loop(asyncio.get_running_loop(), is_chosen=False)
    elif chosen != "own":
        runtime.use_loop(chosen, is_chosen=True)


def _config_of_file() -> ConfigFile:
    try:
        return load_config(run_process_config=False)
    except FileNotFoundError as error:
        msg = (
            f"There is no configuration, and {Path.cwd()} has no {DBOS_CONFIG_PATH}. Call "
            "DBOS(config={'name': 'my-app'}), or write the file."
        )
        raise DBOSInitializationError(msg) from error


class _Administration(Managing, Operating):
    """What the admin interface may ask for."""


def _configured_services(settings: Settings) -> list[ServiceFactory]:
    if not settings.run_admin_server:
        return []

    def admin_server() -> Service:
        # An application without it does not import a web server.
        from dbos_typed.integrations.admin import AdminServer  # noqa: PLC0415  # see above

        return AdminServer(settings, _Administration)

    return [admin_server]


def _settings_of_child(settings: Settings | None) -> Settings | None:
    """The configuration for a process whose parent holds the configured executor id."""
    if settings is None or settings.executor_id is None:
        return settings
    return replace(settings, executor_id=f"{settings.executor_id}-{secrets.token_hex(4)}")


def _relaunch() -> None:
    with _relaunching:
        context.put(context.OUTSIDE)
        Lifecycle.launch()


def _after_fork() -> None:
    """Let a forked process stand on its own: of its parent's threads, which may hold any lock, none is here."""
    global _destroying, _relaunching  # a lock cannot be taken from its holder
    _destroying, _relaunching = threading.RLock(), threading.RLock()
    for each in (registry, codec, serializers, services):
        each.after_fork()
    settings = Lifecycle._settings  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # of this module
    current.forked(_relaunch if settings is not None and settings.relaunch_after_fork else None)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
