import glob
import os
import shutil
import tempfile
from pathlib import Path

from dbos_typed import DBOS


@DBOS.step()
def read(path: Path) -> str:
    return path.read_text()


@DBOS.workflow()
def convert(folder: Path, name: str) -> int:
    target = folder / name
    text = read(target.with_suffix(".txt"))
    if target.exists():  # E: dbos-deterministic
        return 0
    target.write_text(text)  # E: dbos-deterministic
    with open(target) as file:  # E: dbos-deterministic
        lines = file.readlines()
    for entry in os.listdir(folder):  # E: dbos-deterministic
        print(entry, target.parent.name, target.stem)
    for found in glob.glob("*.csv"):  # E: dbos-deterministic
        print(found)
    shutil.rmtree(folder)  # E: dbos-deterministic
    scratch = tempfile.mkdtemp()  # E: dbos-deterministic
    return len(lines) + len(scratch)
