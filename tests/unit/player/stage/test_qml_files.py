"""Every file that QML needs is part of what is installed."""

import tomllib
from pathlib import Path

from player.stage.card_slot import QML_FOLDER

STAGE = QML_FOLDER.parent
PROJECT = Path(__file__).parents[4] / "pyproject.toml"


def test_every_qml_file_is_shipped() -> None:
    patterns = tomllib.loads(PROJECT.read_text())["tool"]["setuptools"]["package-data"]
    shipped = {path for pattern in patterns["player.stage"] for path in STAGE.glob(pattern)}
    present = {path for path in QML_FOLDER.rglob("*") if path.is_file()}
    assert len(present) > 8
    assert present == shipped
