import base64
import hashlib
import hmac
import itertools
import json
import math
import re
import statistics
import string
import textwrap
import zlib
from collections import defaultdict
from decimal import Decimal
from urllib.parse import urljoin, urlparse

from pydantic import BaseModel, TypeAdapter

from dbos_typed import DBOS


class Row(BaseModel):
    name: str
    amount: Decimal


ROWS = TypeAdapter(list[Row])
WORD = re.compile(r"\w+")


@DBOS.workflow()
def compute(raw: bytes, key: bytes) -> dict[str, str]:
    rows = ROWS.validate_json(raw)
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[row.name] += row.amount
    words = WORD.findall(textwrap.dedent(raw.decode()))
    pairs = list(itertools.pairwise(sorted(words)))
    mean = statistics.fmean([float(value) for value in sums.values()] or [0.0])
    return {
        "digest": hmac.new(key, raw, hashlib.sha256).hexdigest(),
        "packed": base64.b64encode(zlib.compress(raw)).decode(),
        "json": json.dumps({name: str(value) for name, value in sums.items()}, sort_keys=True),
        "letters": string.ascii_letters[: len(pairs)],
        "url": urljoin("https://a", urlparse("https://a/b?c=d").path),
        "mean": str(math.floor(mean)),
        "model": rows[0].model_dump_json() if rows else "",
    }
