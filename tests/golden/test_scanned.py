"""A scanner reads the codes off the cards as they stand on the wall."""

from pathlib import Path
from subprocess import run

import pytest

from cards.signed_codes import code_of
from tests.golden.cards.qr_codes import CASES
from tests.golden.rendering import Renderer

_CODE = code_of("k" * 32, "hq/lobby-1", "20261123")
_SIGN_IN = f"https://training.example.com/sign-in?at=hq%2Flobby-1&day=20261123&code={_CODE}"
_FORM, _LONG = (
    "https://forms.example.com/canteen",
    "https://training.example.com/sign-in/" + "a" * 30,
)

#: "": there is no room for a code that could be scanned, or none yet.
SAYS = {
    "qr-wide": _SIGN_IN,
    "qr-tall": _SIGN_IN,
    "qr-side": _SIGN_IN,
    "qr-corner": _SIGN_IN,
    "qr-screen": f"https://signage.example.com/q/17/hq/lobby-1/20261123/{_CODE}",
    "qr-english": _FORM,
    "qr-english-corner": _FORM,
    "qr-english-low": "",
    "qr-overfull": _LONG,
    "qr-overfull-corner": _LONG,
    "qr-empty": "",
    "qr-low": "",
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_scanner_reads_the_address_off_the_wall(renderer: Renderer, case, tmp_path: Path) -> None:
    picture = tmp_path / "wall.png"
    renderer.draw(case).image.save(picture)
    told = run(["zbarimg", "-q", "--raw", picture], capture_output=True, text=True, check=False)
    assert told.stdout.strip() == SAYS[case.name]
