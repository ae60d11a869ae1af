"""`yingbi-manifest`: what it prints, what it writes, and how it ends."""

import json
import os
import stat
from pathlib import Path

import pytest

from manifest.__main__ import main
from manifest.codec import encode
from manifest.documents import encode_root
from manifest.key_files import private_key_pem
from tests.simulators.manifests import a_document, a_manifest
from tests.simulators.publisher import Publisher


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a good manifest, a bad one and a key pair."""
    monkeypatch.chdir(tmp_path)
    Path("lobby.json").write_bytes(encode(a_manifest()))
    Path("bad.json").write_text(json.dumps(a_document(version="new")))
    assert main(["keygen", "publisher"]) == os.EX_OK
    return tmp_path


Output = pytest.CaptureFixture[str]


@pytest.mark.usefixtures("here")
class TestCheck:
    """check: is a document well formed?"""

    def test_a_good_manifest(self, capsys: Output) -> None:
        assert main(["check", "lobby.json"]) == os.EX_OK
        assert "lobby.json: a well-formed manifest, version 42\n" in capsys.readouterr().out

    def test_a_bad_one_is_refused_in_one_line(self, capsys: Output) -> None:
        assert main(["check", "bad.json"]) == os.EX_DATAERR
        assert capsys.readouterr().err == (
            'yingbi-manifest: bad.json: $.version: expected an integer ≥ 1, got "new"\n'
        )

    @pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}', '{"payloadType": []}', "{"])
    def test_what_is_no_document(self, text: str, capsys: Output) -> None:
        Path("other.json").write_text(text)
        assert main(["check", "other.json"]) == os.EX_DATAERR
        assert capsys.readouterr().err.count("\n") == 1

    def test_two_gigabytes_are_not_read(self, capsys: Output) -> None:
        with Path("endless.json").open("wb") as file:
            file.truncate(2 * 2**30)  # sparse: it takes no room
        assert main(["check", "endless.json"]) == os.EX_DATAERR
        assert "endless.json: $: expected at most 11193" in capsys.readouterr().err

    def test_a_file_that_is_not_there(self, capsys: Output) -> None:
        assert main(["check", "none.json"]) == os.EX_IOERR
        assert capsys.readouterr().err == "yingbi-manifest: none.json: No such file or directory\n"

    def test_an_envelope(self, capsys: Output) -> None:
        for name, data in {
            "freshness": Publisher().freshness_bytes(),
            "bundle": Publisher().bundle_bytes(),
            "root": Publisher().roots[0],
        }.items():
            Path("signed").write_bytes(data)
            assert main(["check", "signed"]) == os.EX_OK
            assert f"a well-formed {name}" in capsys.readouterr().out


@pytest.mark.usefixtures("here")
class TestShow:
    """show: what does a document say?"""

    def test_a_manifest(self, capsys: Output) -> None:
        assert main(["show", "lobby.json"]) == os.EX_OK
        shown = capsys.readouterr().out
        assert "for         hq/lobby-1\n" in shown
        assert "assets      2 with 2 files, 11 bytes\n" in shown
        assert "signatures  none (not verified)\n" in shown

    def test_the_other_documents(self, capsys: Output) -> None:
        publisher = Publisher()
        for data, line in (
            (publisher.roots[0], "root        2 of 3: "),
            (publisher.freshness_bytes(), "for         group/hq/lobby-1"),
            (publisher.bundle_bytes(), f"manifest    lobby-1 {publisher.version} "),
        ):
            Path("signed").write_bytes(data)
            assert main(["show", "signed"]) == os.EX_OK
            assert line in capsys.readouterr().out


@pytest.mark.usefixtures("here")
class TestSignAndVerify:
    """sign, then verify: by key and by root."""

    def test_what_is_signed_verifies(self) -> None:
        assert main(["sign", "lobby.json", "--key", "publisher.key", "--out", "signed"]) == 0
        assert main(["verify", "signed", "--public-key", "publisher.pub"]) == os.EX_OK

    def test_signing_writes_to_stdout_too(self, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
        assert main(["sign", "lobby.json", "--key", "publisher.key"]) == os.EX_OK
        assert b"application/vnd.yingbi.manifest+json" in capsysbinary.readouterr().out

    def test_a_bad_document_is_not_signed(self) -> None:
        assert main(["sign", "bad.json", "--key", "publisher.key", "--out", "signed"]) == 65
        assert not Path("signed").exists()

    def test_a_second_signature_joins_the_first(self) -> None:
        main(["keygen", "approver"])
        main(["sign", "lobby.json", "--key", "publisher.key", "--out", "once"])
        assert main(["verify", "once", "--public-key", "approver.pub"]) == os.EX_DATAERR
        main(["sign", "once", "--key", "approver.key", "--key", "publisher.key", "--out", "twice"])
        keys = ["--public-key", "approver.pub", "--public-key", "publisher.pub"]
        assert main(["verify", "twice", *keys]) == os.EX_OK
        assert len(json.loads(Path("twice").read_text())["signatures"]) == 2

    def test_a_bare_document_was_signed_by_nobody(self, capsys: Output) -> None:
        assert main(["verify", "lobby.json", "--public-key", "publisher.pub"]) == os.EX_DATAERR
        assert "nobody signed it" in capsys.readouterr().err

    def test_nothing_is_overwritten(self, capsys: Output) -> None:
        before = Path("lobby.json").read_bytes()
        again = ["sign", "lobby.json", "--key", "publisher.key", "--out", "lobby.json"]
        assert main(again) == os.EX_IOERR
        assert capsys.readouterr().err == "yingbi-manifest: lobby.json: File exists\n"
        assert Path("lobby.json").read_bytes() == before

    def test_a_file_that_is_no_key_is_named(self, capsys: Output) -> None:
        assert main(["sign", "lobby.json", "--key", "lobby.json"]) == os.EX_DATAERR
        assert "yingbi-manifest: lobby.json: the private key cannot" in capsys.readouterr().err
        assert main(["verify", "lobby.json", "--public-key", "publisher.key"]) == os.EX_DATAERR

    def test_by_a_root(self) -> None:
        publisher = Publisher()
        Path("root").write_bytes(publisher.roots[0])
        for data in (
            publisher.manifest_bytes(), publisher.freshness_bytes(), publisher.bundle_bytes(),
            publisher.root_bytes(),
        ):  # fmt: skip
            Path("signed").write_bytes(data)
            assert main(["verify", "signed", "--root", "root"]) == os.EX_OK
        Path("signed").write_bytes(publisher.manifest_bytes(publisher.signers["freshness"]))
        assert main(["verify", "signed", "--root", "root"]) == os.EX_DATAERR

    def test_by_a_root_that_asks_for_approval(self, capsys: Output) -> None:
        publisher = Publisher()
        Path("root").write_bytes(publisher.require_approvers(1))
        Path("signed").write_bytes(publisher.manifest_bytes())
        assert main(["verify", "signed", "--root", "root"]) == os.EX_OK
        Path("signed").write_bytes(publisher.manifest_bytes(publisher.signers["publisher"]))
        assert main(["verify", "signed", "--root", "root"]) == os.EX_DATAERR
        assert "asks for 1 approvals" in capsys.readouterr().err

    def test_by_something_that_is_no_root(self, capsys: Output) -> None:
        publisher = Publisher()
        Path("signed").write_bytes(publisher.manifest_bytes())
        assert main(["verify", "signed", "--root", "signed"]) == os.EX_DATAERR
        assert "is not the envelope of a root" in capsys.readouterr().err
        Path("root").write_bytes(publisher.root_bytes([]))
        assert main(["verify", "signed", "--root", "root"]) == os.EX_DATAERR

    def test_a_root_is_signed_by_two_people_in_turn(self) -> None:
        publisher = Publisher()
        Path("root.json").write_bytes(encode_root(publisher.root(version=1)))
        seeds = [key._key.private_bytes_raw() for key in publisher.signers["root"][:2]]
        for number, seed in enumerate(seeds):
            Path(f"{number}.key").write_bytes(private_key_pem(seed))
        main(["sign", "root.json", "--key", "0.key", "--out", "one"])
        assert main(["verify", "one", "--root", "one"]) == os.EX_DATAERR
        main(["sign", "one", "--key", "1.key", "--out", "two"])
        assert main(["verify", "two", "--root", "two"]) == os.EX_OK


@pytest.mark.usefixtures("here")
class TestKeygen:
    """keygen: makes keys and never loses any."""

    def test_the_private_key_is_for_its_owner_only(self) -> None:
        assert stat.S_IMODE(Path("publisher.key").stat().st_mode) == 0o600

    @pytest.mark.parametrize("kept", ["publisher.key", "publisher.pub"])
    def test_existing_keys_are_kept(self, kept: str, capsys: Output) -> None:
        (Path("publisher.pub") if kept.endswith("key") else Path("publisher.key")).unlink()
        before = Path(kept).read_bytes()
        assert main(["keygen", "publisher"]) == os.EX_IOERR
        assert "exist" in capsys.readouterr().err
        assert Path(kept).read_bytes() == before
        assert len([*Path().glob("publisher.*")]) == 1

    def test_a_passphrase_protects_the_private_key(self, capsys: Output) -> None:
        Path("phrase").write_text("影壁 wall\n")
        Path("wrong").write_text("another\n")
        assert main(["keygen", "root-1", "--passphrase-file", "phrase"]) == os.EX_OK
        assert b"ENCRYPTED" in Path("root-1.key").read_bytes()
        sign = ["sign", "lobby.json", "--key", "root-1.key"]
        assert main(sign) == os.EX_DATAERR
        assert main([*sign, "--passphrase-file", "wrong"]) == os.EX_DATAERR
        capsys.readouterr()
        assert main([*sign, "--passphrase-file", "phrase"]) == os.EX_OK
        assert "vnd.yingbi" in capsys.readouterr().out

    def test_an_empty_passphrase_is_none(self, capsys: Output) -> None:
        Path("phrase").write_text("\n")
        assert main(["keygen", "root-1", "--passphrase-file", "phrase"]) == os.EX_DATAERR
        assert "is empty" in capsys.readouterr().err
        assert not Path("root-1.key").exists()
