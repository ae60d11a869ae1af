"""No path of the interface for scripts goes untried: each belongs to one named part."""

import re

from django.test import Client

from server.api.operations import OPERATIONS
from tests.unit.server.api.parts_of_interface import PARTS, regex_of


def parts_of(path):
    return [part for part in PARTS if re.search(regex_of(part), path)]


def test_every_path_of_the_document_belongs_to_one_part():
    answer = Client().get("/api/v1/openapi.json")
    paths = answer.json()["paths"]
    assert paths
    assert {path: parts_of(path) for path in paths if len(parts_of(path)) != 1} == {}


def test_every_word_of_a_part_is_the_beginning_of_a_path():
    first = {each.path.split("/")[0] for each in OPERATIONS}
    assert {word for words in PARTS.values() for word in words} - first == set()


def test_a_path_of_no_part_would_be_seen():
    assert parts_of("/alerts-of-old/") == parts_of("/elsewhere/") == []
