"""A disk that is full while files are converted: no file is called damaged for it."""

import json
import subprocess
import sys

import pytest
from PIL import Image
from pptx import Presentation

from tests.simulators.clips import make_clip


@pytest.mark.root
def test_a_full_disk_is_never_told_as_a_damaged_file(tmp_path):
    noise = Image.effect_noise((1600, 900), 90)
    noise.save(tmp_path / "picture.png")
    pages = [Image.effect_noise((600, 338), 90) for _page in range(3)]
    pages[0].save(tmp_path / "pages.pdf", save_all=True, append_images=pages[1:])
    frames = [Image.effect_noise((640, 360), 90) for _frame in range(12)]
    long = {"save_all": True, "append_images": frames[1:], "duration": 6000}
    frames[0].save(tmp_path / "animation.gif", **long)
    make_clip(tmp_path / "video.avi", "-c:v", "mpeg4", "-q:v", "2", size="640x360", seconds=2.0)
    deck = Presentation()
    deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = "通知"
    deck.save(str(tmp_path / "deck.pptx"))
    names = ("picture.png", "pages.pdf", "animation.gif", "video.avi", "deck.pptx")
    files = [tmp_path / name for name in names]
    module = "tests.faults.server.full_conversions"
    done = subprocess.run(
        ["unshare", "-m", sys.executable, "-m", module, tmp_path / "disk", *files],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["full"] == dict.fromkeys(told["full"], "DiskFull")
    assert told["roomy"] == {"picture.png": "made"}, "it was not the file"
    assert len(told["full"]) == len(files)
