import os
import subprocess
from subprocess import check_output

from dbos_typed import DBOS


@DBOS.step()
def build(target: str) -> int:
    return subprocess.run(["make", target], check=False).returncode


@DBOS.workflow()
def release(target: str) -> str:
    if build(target):
        return "failed"
    subprocess.run(["git", "push"], check=True)  # E: dbos-deterministic
    head = check_output(["git", "rev-parse", "HEAD"])  # E: dbos-deterministic
    os.system("make clean")  # E: dbos-deterministic
    with subprocess.Popen(["ls"]) as process:  # E: dbos-deterministic
        print(process.pid)
    return head.decode()
