"""Durations as people type them: 90, 1:30, 1:00:00, 2 min, 1.5 h, 1 分 30 秒, 2小时."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

__all__ = ["DurationField", "seconds_of", "typed"]

_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2}(?:\.\d{1,3})?)")
_PART = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z\u4e00-\u9fff]+)\s*", re.IGNORECASE)
_UNITS = {
    "h": 3600, "hour": 3600, "hours": 3600, "小时": 3600, "时": 3600, "min": 60, "m": 60,
    "minute": 60, "minutes": 60, "分": 60, "分钟": 60, "s": 1, "sec": 1, "second": 1,
    "seconds": 1, "秒": 1, "秒钟": 1,
}  # fmt: skip


def seconds_of(text: str) -> float | None:
    """The seconds that `text` means; None if it means no duration.  A bare number is seconds."""
    text = text.strip().replace("：", ":").replace("，", " ")
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, seconds = clock.groups()
        return int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds)
    total, end = 0.0, 0
    for part in _PART.finditer(text):
        unit = _UNITS.get(part[2].lower())
        if part.start() != end or unit is None:
            return None
        total, end = total + float(part[1]) * unit, part.end()
    return total if text and end == len(text) else None


def typed(seconds: float) -> str:
    """A duration as its field shows it: 12, 1:30, 1:00:00."""
    if seconds < 60:
        return f"{seconds:g}"
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    tail = f"{rest:02.0f}" if rest == int(rest) else f"{rest:04.1f}"
    return f"{hours}:{minutes:02d}:{tail}" if hours else f"{minutes}:{tail}"


class DurationField(forms.CharField):
    """A duration, in seconds; says how it may be typed."""

    def __init__(self, *, at_most_s: float, **options: Any) -> None:
        options.setdefault("help_text", _("Seconds, or as you say it: 90, 1:30, 2 min."))
        super().__init__(max_length=40, **options)
        self.widget.attrs["inputmode"] = "text"
        self._at_most_s = at_most_s

    def to_python(self, value: Any) -> Any:
        """Return the seconds, None for nothing; raises `ValidationError`."""
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        found = seconds_of(str(text))
        if found is None:
            raise ValidationError(_("This is no duration: write 90, 1:30 or 2 min."))
        if found > self._at_most_s:
            raise ValidationError(_("At most %(longest)s.") % {"longest": typed(self._at_most_s)})
        return found

    def prepare_value(self, value: Any) -> Any:
        """Return what the field shows."""
        return typed(value) if isinstance(value, int | float) else value
