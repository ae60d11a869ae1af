"""The scene graph is chosen by what the machine has, and by what was asked for."""

import pytest

from player.stage import render


@pytest.mark.parametrize(
    ("wish", "gpu", "given", "choice"),
    [
        ("auto", True, {}, "gpu"),
        ("auto", False, {}, "software"),
        ("auto", True, {"QT_QUICK_BACKEND": "software"}, "software"),
        ("auto", True, {"QT_QPA_PLATFORM": "offscreen"}, "software"),
        ("gpu", False, {}, "gpu"),
        ("software", True, {}, "software"),
    ],
)
def test_the_choice(wish, gpu, given, choice):
    assert render.choose(wish, gpu, given) == choice


def test_python_is_never_painted_on_a_render_thread():
    for choice in ("software", "gpu"):
        assert render.environment(choice)["QSG_RENDER_LOOP"] == "basic"


def _machine(tmp_path, driver):
    devices, drivers = tmp_path / "dri", tmp_path / "drm"
    devices.mkdir()
    (devices / "renderD128").touch()
    real = tmp_path / "drivers" / driver
    real.mkdir(parents=True)
    (drivers / "renderD128" / "device").mkdir(parents=True)
    (drivers / "renderD128" / "device" / "driver").symlink_to(real)
    return devices, drivers


def test_a_render_node_of_a_real_driver_is_a_gpu(tmp_path):
    assert render.has_gpu(*_machine(tmp_path, "i915"))


@pytest.mark.parametrize("driver", ["vgem", "bochs-drm", "simpledrm"])
def test_a_render_node_without_hardware_is_none(tmp_path, driver):
    assert not render.has_gpu(*_machine(tmp_path, driver))


def test_no_render_node_is_no_gpu(tmp_path):
    assert not render.has_gpu(tmp_path / "nothing", tmp_path)


def test_opengl_without_a_gpu_is_seen_through(qapp):
    assert render.is_software_gl()
