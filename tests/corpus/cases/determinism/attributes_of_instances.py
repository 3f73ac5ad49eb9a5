from __future__ import annotations

import os
import random
import time
from functools import cached_property

import httpx

from dbos_typed import DBOS, DBOSConfiguredInstance


class Clock:
    def now(self) -> float:
        return time.time()

    def zero(self) -> float:
        return 0.0


class Api:
    def __init__(self, url: str) -> None:
        self.client = httpx.Client(base_url=url)
        self.url = url

    def name(self, path: str) -> str:
        return self.url + path

    def load(self, path: str) -> str:
        return self.client.get(path).text


@DBOS.dbos_class()
class Shop(DBOSConfiguredInstance):
    def __init__(self, name: str, api: Api) -> None:
        super().__init__(name)
        self.api = api
        self.clock = Clock()
        self.rng = random.Random()
        self.created = time.time()

    @cached_property
    def region(self) -> str:
        return os.environ["REGION"]

    @DBOS.step()
    def load(self, path: str) -> str:
        return self.api.load(path) + self.region

    @DBOS.workflow()
    def sync(self, path: str) -> str:
        stored = self.load(path)
        name = self.api.name(path)
        direct = self.api.load(path)  # E: dbos-deterministic
        moment = self.clock.now() + self.clock.zero()  # E: dbos-deterministic
        number = self.rng.random()  # E: dbos-deterministic
        region = self.region  # E: dbos-deterministic
        return f"{stored}{name}{direct}{moment}{number}{region}"
