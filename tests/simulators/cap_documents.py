"""CAP 1.2 documents for the tests: a warning of a storm, and whatever a test changes in it."""

from datetime import datetime, timedelta

__all__ = ["CODES", "cap", "named"]

#: The system of codes that the tests use.
CODES = "adcode"

_INFO = """<info><language>{language}</language><category>Met</category><event>{event}</event>
<urgency>{urgency}</urgency><severity>{severity}</severity><certainty>{certainty}</certainty>
{effective}{expires}<senderName>市气象台</senderName><headline>{headline}</headline>
<instruction>{instruction}</instruction>
<area><areaDesc>{area}</areaDesc><geocode><valueName>adcode</valueName><value>{code}</value>
</geocode></area></info>"""


def named(identifier: str, sent: datetime) -> str:
    """How another message names this one."""
    return f"weather@city.example,{identifier},{sent.isoformat(timespec='seconds')}"


def info(**changes: str) -> str:
    """One info block."""
    words = {
        "language": "zh-CN", "event": "暴雨", "urgency": "Immediate", "severity": "Severe",
        "certainty": "Observed", "effective": "", "expires": "", "headline": "暴雨红色预警",
        "instruction": "请留在室内，远离低洼处。", "area": "三号院区", "code": "110105",
    }  # fmt: skip
    return _INFO.format(**words | changes)


def cap(
    identifier: str,
    sent: datetime,
    *,
    status: str = "Actual",
    kind: str = "Alert",
    references: str = "",
    infos: str | None = None,
    scope: str = "Public",
    lasts: timedelta | None = timedelta(hours=2),
    **changes: str,
) -> bytes:
    """A document; `changes` are those of its info block."""
    if lasts is not None and "expires" not in changes:
        changes["expires"] = f"<expires>{(sent + lasts).isoformat(timespec='seconds')}</expires>"
    body = info(**changes) if infos is None else infos
    named_too = f"<references>{references}</references>" if references else ""
    return (
        f'<?xml version="1.0"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
        f"<identifier>{identifier}</identifier><sender>weather@city.example</sender>"
        f"<sent>{sent.isoformat(timespec='seconds')}</sent><status>{status}</status>"
        f"<msgType>{kind}</msgType><scope>{scope}</scope>{named_too}{body}</alert>"
    ).encode()
