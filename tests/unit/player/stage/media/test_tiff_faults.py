"""Damage in a TIFF is heard whichever libtiff of the process decodes it."""

import ctypes.util
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

_DECODES = """
import ctypes, sys
from pathlib import Path
from PIL import Image
for other in sys.argv[2:]:  # what is loaded later comes first in the map of the process
    ctypes.CDLL(other)
from player.stage.media.errors import MediaUnplayable
from player.stage.media.tiff_faults import refuse_damage
try:
    with Image.open(sys.argv[1]) as picture, refuse_damage():
        picture.load()
except (MediaUnplayable, OSError) as refused:  # Pillow may notice it first
    print(refused)
"""


@pytest.mark.parametrize("beside", ["alone", "beside Debian's"])
def test_damage_is_one_reason_and_no_word_on_stderr(tmp_path: Path, beside: str) -> None:
    debian = ctypes.util.find_library("tiff")
    others = [debian] if beside != "alone" else []
    assert None not in others, "libtiff6 comes with WeasyPrint's libraries"
    path = tmp_path / "damaged.tif"
    Image.effect_noise((400, 300), 80).convert("RGB").save(path, compression="tiff_lzw")
    whole = bytearray(path.read_bytes())
    whole[2_000:3_000] = b"\xff" * 1_000
    path.write_bytes(whole)
    done = subprocess.run(
        [sys.executable, "-c", _DECODES, path, *others], capture_output=True, text=True, check=True
    )
    assert done.stdout.count("\n") == 1, done
    assert done.stderr == ""
