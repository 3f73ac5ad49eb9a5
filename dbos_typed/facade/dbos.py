"""`DBOS`: the one class through which applications use the engine."""

from __future__ import annotations

from dbos_typed.api.conversation import Conversation
from dbos_typed.api.decorators import Decorators
from dbos_typed.api.managing import Managing
from dbos_typed.api.operating import Operating
from dbos_typed.api.patching import Patching
from dbos_typed.api.scheduling import Scheduling
from dbos_typed.api.starting import Starting
from dbos_typed.api.storing import Storing
from dbos_typed.api.streaming import Streaming
from dbos_typed.facade.consuming import Consuming
from dbos_typed.facade.lifecycle import Lifecycle
from dbos_typed.facade.variables import Variables


class DBOS(
    Lifecycle,
    Decorators,
    Storing,
    Scheduling,
    Consuming,
    Starting,
    Conversation,
    Streaming,
    Patching,
    Managing,
    Operating,
    Variables,
):
    """Configures and launches the engine, decorates functions, and is where running code calls it.

    ```python
    DBOS(config={"name": "shop"})
    DBOS.launch()
    ```
    """
