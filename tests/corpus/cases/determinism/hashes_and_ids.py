import hashlib
import hmac
import secrets
import zlib

from dbos_typed import DBOS


@DBOS.workflow()
def shard(name: str, token: str, count: int) -> int:
    stable = int(hashlib.sha256(name.encode()).hexdigest(), 16) % count
    cheap = zlib.crc32(name.encode()) % count
    if not secrets.compare_digest(token, name) and not hmac.compare_digest(token, name):
        return stable + cheap
    return hash(name) % count  # E: dbos-deterministic
