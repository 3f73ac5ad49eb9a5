from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime

from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI

from dbos_typed import DBOS

router = APIRouter(prefix="/jobs")


@DBOS.workflow()
def job(n: int) -> int:
    DBOS.set_event("n", n)
    DBOS.sleep(1)
    return n


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None, None]:
    DBOS.launch()
    DBOS.start_workflow(job, len(app.routes))
    yield
    DBOS.destroy()


def current_user(token: str = "") -> str:
    return token


def later(n: int) -> None:
    DBOS.start_workflow(job, n)


def pause() -> None:
    DBOS.sleep(1)


@router.post("/{n}")
async def begin(n: int, tasks: BackgroundTasks, user: str = Depends(current_user)) -> str:
    tasks.add_task(later, n)
    pause()  # E: dbos-context
    return f"{DBOS.start_workflow(job, n).workflow_id} {user} {datetime.now()}"


@router.websocket("/ws")
async def follow(n: int) -> None:
    await DBOS.recv_async("n")  # E: dbos-context


app = FastAPI(lifespan=lifespan)
app.include_router(router)
