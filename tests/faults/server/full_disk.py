"""Writes on a disk that is full, in a mount namespace of its own: `unshare -m python -m … DATA`.

Prints, as JSON, what the writer was told while the disk was full, what had changed then, and
whether writing goes on once there is room.
"""

import json
import os
import subprocess
import sys
from pathlib import Path


def main(made: Path) -> None:
    disk = made.with_name("disk")
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)]
    subprocess.run(mount, check=True)
    subprocess.run(["cp", "-a", f"{made}/.", str(disk)], check=True)
    os.environ["YINGBI_DATA"] = str(disk)
    from server.project import set_up

    set_up()
    told = _until_full(disk)
    (disk / "ballast").unlink()
    before = _state()
    _write(0)
    print(json.dumps({**told, "after": before, "goes_on": _state()["rows"] > before["rows"]}))


def _write(number: int) -> None:
    from server.accounts import departments
    from server.clock import SystemClock

    name = f"{number} " + "x" * 80
    departments.department_create(name=name, parent=None, actor=None, now=SystemClock().now())


def _until_full(disk: Path) -> dict[str, object]:
    """Fill the disk, then write until it is said that there is no room."""
    from server.database_errors import translated

    with (disk / "ballast").open("wb", buffering=0) as ballast:
        try:
            while True:
                ballast.write(b"x" * 4096)
        except OSError:
            pass
    acknowledged = 0
    for number in range(1, 10_000):
        try:
            _write(number)
        except Exception as error:  # noqa: BLE001  (what it is, is the question)
            known = translated(error)
            told = known.reason_code if known else f"{type(error).__name__}: {error}"
            return {"told": told, "acknowledged": acknowledged}
        acknowledged += 1
    return {"told": "", "acknowledged": acknowledged}


def _state() -> dict[str, object]:
    from server.accounts.models import Department
    from server.audit.models import AuditRow
    from server.audit.selectors import verify_chain

    made = AuditRow.objects.filter(action="department.create").count()
    rows = Department.objects.exclude(name="yingbi").count()
    return {"rows": rows, "audited": made, "holds": verify_chain().holds}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
