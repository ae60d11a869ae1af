"""Notices, tickers and emergencies."""

from tests.golden.case import CORNER, TALL, Case, in_all_shapes

_NOTICE = {
    "title": "冬季消防安全检查安排",
    "body": "自11月25日起，对各楼层开展消防安全检查，请提前清理疏散通道。\n**时间：** 9:00—17:00\n"
    "**地点：** 一号楼、二号楼及食堂\n- 检查插座与充电设备\n- 确认灭火器在有效期内",
    "issuer": "安全环保部",
    "date": "2026-11-22",
}
_ENGLISH = {
    "title": "Fire inspection this winter",
    "body": "From 25 November all floors are inspected. Please clear the escape routes.\n"
    "**When:** 9:00—17:00\n**Where:** buildings one and two, canteen",
    "issuer": "Safety and Environment",
    "date": "2026-11-22",
    "language": "en",
}
_LONG = _NOTICE | {"body": "\n".join([_NOTICE["body"]] * 8), "family": "party"}
_TICKER = {
    "label": "今日提示",
    "messages": ["食堂晚餐延长至20:00", "请随手关灯"],
    "priority": ["三号门临时关闭"],
}
_SOURCES = {
    "label": "信息快报",
    "lines": [
        {"text": "救护队演练改至16:00", "source": "调度室", "urgent": True},
        {"text": "三季度原煤产量同比增长4.2%", "source": "集团要闻"},
        {"text": "今天有小雪，路面湿滑", "source": "安全提示"},
        {"text": "晚餐加开羊肉窗口"},
    ],
    "family": "party",
}
_EMERGENCY = {
    "title": "三号楼停电",
    "body": "请沿疏散指示有序离开，\n不要使用电梯。",
    "issuer": "总值班室",
    "since": "2026-11-23T11:28:00",
    "hazard": "power",
}

CASES = [
    *in_all_shapes("notice", _NOTICE),
    Case("notice-english", "notice", _ENGLISH),
    Case("notice-overfull", "notice", _LONG),
    Case("ticker-strip", "ticker", _TICKER, (1920, 100), offset_ms=6000),
    Case("ticker-sources", "ticker", _SOURCES, (1920, 100), offset_ms=9000),
    Case("emergency-real", "emergency", _EMERGENCY | {"drill": False}),
    Case("emergency-drill-tall", "emergency", _EMERGENCY | {"drill": True}, TALL, TALL),
    Case("emergency-drill-corner", "emergency", _EMERGENCY | {"drill": True}, CORNER),
]
