"""Days without an accident."""

from tests.golden.case import TALL, Case, in_all_shapes

_DAYS = {
    "since": "2023-03-08",
    "place": "三号矿井",
    "record_days": 1420,
    "goal_days": 1500,
    "slogan": "安全第一　预防为主　综合治理",
    "issuer": "安全环保部",
}
_ENGLISH = {
    "since": "2026-11-20",
    "place": "Shaft three",
    "record_days": 1420,
    "slogan": "Safety first, always",
    "language": "en",
    "issuer": "Safety and Environment",
}
_RECORD = _DAYS | {"record_days": 1200, "goal_days": 1300, "family": "party"}

CASES = [
    *in_all_shapes("safety-days", _DAYS),
    Case("safety-days-english", "safety-days", _ENGLISH),
    Case("safety-days-bare", "safety-days", {"since": "2026-11-23"}),
    Case("safety-days-record-tall", "safety-days", _RECORD, TALL, TALL),
]
