"""A root that some screen would refuse is never installed: that would take a visit to each."""

import pytest
from msgspec.structs import replace

from manifest.documents import Root, encode_root
from manifest.envelope import DocumentType, seal
from manifest.keys import LocalSigner
from server.publishing.errors import RootRefused
from server.publishing.models import RootDocument
from server.publishing.root_chain import install_root, root_envelope
from server.publishing.roots import first_root, next_root
from tests.simulators.enterprise import ORGANISATION, Enterprise
from tests.simulators.publisher import a_signer


def offered(enterprise: Enterprise, root: Root, *signers: LocalSigner) -> RootDocument:
    envelope = seal(DocumentType.ROOT, encode_root(root), signers or enterprise.root_keys)
    return install_root(envelope, organisation=ORGANISATION, actor=None, now=enterprise.now)


def following(enterprise: Enterprise, **changes: object) -> Root:
    return replace(next_root(enterprise.root, changes={}, now=enterprise.now), **changes)


def test_the_chain_is_handed_out_by_number(enterprise: Enterprise) -> None:
    offered(enterprise, following(enterprise))
    assert root_envelope(1) == enterprise.roots[0]
    assert root_envelope(2) is not None
    assert root_envelope(3) is None


def test_installing_a_root_again_changes_nothing(enterprise: Enterprise) -> None:
    row = install_root(
        enterprise.roots[0], organisation=ORGANISATION, actor=None, now=enterprise.later()
    )
    assert row == RootDocument.objects.get()


def test_a_root_with_too_few_signatures_is_refused(enterprise: Enterprise) -> None:
    with pytest.raises(RootRefused, match="asks for 2 signatures"):
        offered(enterprise, following(enterprise), enterprise.root_keys[0])
    with pytest.raises(RootRefused, match="asks for 2 signatures"):
        offered(enterprise, following(enterprise), a_signer("a"), a_signer("b"))


def test_new_root_keys_alone_do_not_replace_the_old_ones(enterprise: Enterprise) -> None:
    mine = [a_signer(f"mine/{n}") for n in range(2)]
    changes = {"root": ([each.public_key for each in mine], 2)}
    root = next_root(enterprise.root, changes=changes, now=enterprise.now)
    with pytest.raises(RootRefused, match="root 1 asks for"):
        offered(enterprise, root, *mine)
    with pytest.raises(RootRefused, match="root 2 asks for"):
        offered(enterprise, root, *enterprise.root_keys)
    assert offered(enterprise, root, *mine, *enterprise.root_keys[:2]).version == 2


@pytest.mark.parametrize(
    "changes", [{"version": 3}, {"version": 1}, {"epoch": 3}, {"version": 1, "epoch": 2}]
)
def test_no_root_is_skipped_or_taken_back(enterprise: Enterprise, changes: dict[str, int]) -> None:
    with pytest.raises(RootRefused, match="cannot follow root 1 of epoch 1"):
        offered(enterprise, following(enterprise, **changes))


def test_a_root_of_another_organisation_is_refused(enterprise: Enterprise) -> None:
    with pytest.raises(RootRefused, match=r"is of other, and this server is of group"):
        offered(enterprise, following(enterprise, org="other"))


def test_what_is_no_root_is_refused(enterprise: Enterprise) -> None:
    with pytest.raises(RootRefused, match="is not installed"):
        install_root(b"{}", organisation=ORGANISATION, actor=None, now=enterprise.now)


def test_a_key_that_no_role_has_any_more_leaves_the_root(enterprise: Enterprise) -> None:
    old = enterprise.root.roles.publisher.keyids[0]
    new = a_signer("new publisher")
    root = next_root(
        enterprise.root,
        changes={"publisher": ([new.public_key], 1)},
        now=enterprise.now,
        new_epoch=True,
    )
    assert old not in root.keys
    assert (root.version, root.epoch) == (2, 2)
    assert root.roles.freshness == enterprise.root.roles.freshness
    assert first_root(org="x", roles=_roles(), now=enterprise.now).version == 1


def _roles() -> dict[str, tuple[list[bytes], int]]:
    return {role: ([a_signer(role).public_key], 1) for role in ("root", "publisher", "freshness")}
