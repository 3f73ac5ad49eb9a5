from dbos_typed import DBOS

from . import support
from .support import slug, stamp
from .support.clock import ticks as numbers


@DBOS.step()
def mission(name: str) -> str:
    return name + stamp()


@DBOS.workflow()
def launch(name: str) -> str:
    for number in numbers(3):
        print(number)
    key = slug(name)
    begun = stamp()  # E: dbos-deterministic
    ended = support.stamp()  # E: dbos-deterministic
    return key + begun + ended + mission(support.slug(name))
