from __future__ import annotations

from dbos_typed import DBOS
from models_across_modules import models
from models_across_modules.models import Label


@DBOS.workflow()
def tag(label: Label) -> Label:
    return label


@DBOS.workflow()
def quote(price: models.Price) -> str:  # E: dbos-serializable
    return price.label


@DBOS.step()
def hire(name: str) -> models.Worker:  # E: dbos-serializable
    raise NotImplementedError(name)


@DBOS.step()
def cents(amount: int) -> models.Money:  # E: dbos-serializable
    return models.Money(amount)
