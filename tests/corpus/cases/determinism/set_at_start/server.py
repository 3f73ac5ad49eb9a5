import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from dbos_typed import DBOS
from set_at_start import bridge


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
    bridge.set_loop(asyncio.get_running_loop())
    bridge.configure({"model": "small"})
    yield


app = FastAPI(lifespan=lifespan)


@DBOS.step()
def ask(model: str) -> str:
    return model


@DBOS.workflow()
def answer() -> str:
    if bridge.is_attached():
        DBOS.logger.info("attached")
    return ask(bridge.option("model"))


@DBOS.workflow()
def answer_unless_paused() -> str:
    if bridge.paused:  # E: dbos-deterministic
        return "paused"
    return answer()


@app.post("/pause")
def pause(value: bool) -> None:
    bridge.pause(value)
