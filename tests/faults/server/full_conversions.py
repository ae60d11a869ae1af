"""Converts files into a folder on a disk that is full: `unshare -m python -m … FOLDER FILE...`.

Prints, as JSON, what came of each file there, and of the first once there was room.
"""

import json
import subprocess
import sys
from pathlib import Path

from server.library.ingest.child import StepFailed
from server.library.ingest.failures import Refused
from tests.simulators.conversions import made_of

#: What a conversion may begin with before the disk is full.
ROOM_BYTES = 128 << 10


def main(disk: Path, files: list[Path]) -> None:
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=192m", "tmpfs", str(disk)]
    subprocess.run(mount, check=True)
    _fill(disk / "ballast")
    full = {file.name: _outcome(file, disk) for file in files}
    (disk / "ballast").unlink()
    print(json.dumps({"full": full, "roomy": {files[0].name: _outcome(files[0], disk)}}))


def _fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1 << 16))
        except OSError:
            file.truncate(file.tell() - ROOM_BYTES)


def _outcome(file: Path, disk: Path) -> str:
    folder = disk / file.name
    try:
        made_of(file, folder)
    except Refused as refused:
        return refused.code
    except StepFailed as failure:
        return type(failure).__name__
    finally:
        subprocess.run(["rm", "-rf", str(folder)], check=True)
    return "made"


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(word) for word in sys.argv[2:]])
