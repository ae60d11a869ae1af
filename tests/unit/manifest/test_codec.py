"""The manifest's codec: what is accepted, what is refused, and how the refusal reads."""

import json
from typing import Any

from hypothesis import given

from manifest.codec import decode, encode
from manifest.model import Manifest
from tests.strategies import documents, manifests


@given(documents())
def test_every_valid_document_is_accepted(document: dict[str, Any]) -> None:
    assert decode(json.dumps(document).encode()).version == document["version"]


@given(manifests())
def test_what_is_encoded_decodes_to_the_same_value(manifest: Manifest) -> None:
    assert decode(encode(manifest)) == manifest


@given(manifests())
def test_what_we_publish_encodes_to_the_same_bytes(manifest: Manifest) -> None:
    published = encode(manifest)
    assert encode(decode(published)) == published
