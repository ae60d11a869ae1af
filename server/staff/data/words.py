"""What fields, choices and templates of cards are called on pages; a test counts that none lacks.

For the forms of this package.  The names of the data itself stay what docs/cards.md says.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

__all__ = [
    "CHOICES",
    "FIELDS",
    "TEMPLATE_NAMES",
    "choice_named",
    "field_named",
    "is_called",
    "template_named",
]

#: Templates.
TEMPLATE_NAMES: dict[str, Any] = {
    "agenda": _("Meeting schedule"),
    "birthday": _("Party anniversaries"),
    "clock": _("Clock"),
    "countdown": _("Countdown"),
    "emergency": _("Emergency"),
    "honour": _("Role models"),
    "menu": _("Menu"),
    "music": _("Music"),
    "news": _("News"),
    "notice": _("Notice"),
    "progress": _("Key projects"),
    "public-notice": _("Public notice"),
    "ranking": _("Ranking"),
    "safety-days": _("Safe days"),
    "table": _("Table of data"),
    "ticker": _("Ticker"),
    "welcome": _("Welcome"),
}

#: Fields of templates and of their rows.
FIELDS: dict[str, Any] = {
    "after": _("After the day"),
    "allergens": _("Allergens"),
    "actual": _("Actual per cent"),
    "as_of": _("As of"),
    "at": _("At"),
    "before": _("Before the day"),
    "best": _("Best first"),
    "board": _("Board"),
    "body": _("Text"),
    "branch": _("Branch"),
    "breakfast": _("Breakfast"),
    "characters_per_s": _("Characters a second"),
    "contact": _("Objections to"),
    "counter": _("Counter"),
    "date": _("Date"),
    "deeds": _("Deeds"),
    "dinner": _("Dinner"),
    "dish": _("Dish"),
    "dishes": _("Dishes"),
    "done": _("Done on"),
    "drill": _("Drill"),
    "due": _("Due on"),
    "ducked": _("Volume while a video is heard"),
    "ends": _("Ends"),
    "event": _("Event"),
    "family": _("Colours"),
    "first": _("First day"),
    "fresh_days": _("Days that data is fresh"),
    "format1": _("Format of column 1"),
    "format2": _("Format of column 2"),
    "format3": _("Format of column 3"),
    "format4": _("Format of column 4"),
    "format5": _("Format of column 5"),
    "format6": _("Format of column 6"),
    "format7": _("Format of column 7"),
    "format8": _("Format of column 8"),
    "goal_days": _("Days to reach"),
    "greeting": _("Greeting"),
    "guests": _("Guests"),
    "hazard": _("Hazard"),
    "heading1": _("Heading of column 1"),
    "heading2": _("Heading of column 2"),
    "heading3": _("Heading of column 3"),
    "heading4": _("Heading of column 4"),
    "heading5": _("Heading of column 5"),
    "heading6": _("Heading of column 6"),
    "heading7": _("Heading of column 7"),
    "heading8": _("Heading of column 8"),
    "host": _("Host"),
    "hours": _("Guaranteed hours of the day"),
    "issuer": _("Issued by"),
    "joined": _("Joined on"),
    "label": _("Label"),
    "language": _("Language"),
    "last": _("Last day"),
    "level": _("Kind of notice"),
    "lunar": _("Lunar calendar"),
    "lunch": _("Lunch"),
    "main": _("Main column (its number)"),
    "meal": _("Meal"),
    "meetings": _("Meetings"),
    "members": _("Members"),
    "messages": _("Messages"),
    "milestones": _("Milestones"),
    "minutes_per_hour": _("Minutes of each hour"),
    "most": _("How many are shown"),
    "name": _("Name"),
    "note": _("Remark"),
    "on": _("Day"),
    "organizer": _("Organizer"),
    "otherwise": _("Otherwise"),
    "page_s": _("Seconds a page"),
    "owner": _("In charge"),
    "people": _("People"),
    "percent": _("Per cent till then"),
    "phone": _("Telephone"),
    "photo": _("Photo"),
    "picture": _("Picture"),
    "place": _("Where it is"),
    "plan": _("Points of the plan"),
    "planned": _("Planned per cent"),
    "pledge": _("Pledge"),
    "portrait": _("Portrait"),
    "post": _("Post and unit"),
    "price": _("Price"),
    "priority": _("Messages that lead each round"),
    "project": _("Project"),
    "projects": _("Projects"),
    "published": _("Published at"),
    "quote": _("Quotation"),
    "record_days": _("Record in days"),
    "room": _("Room"),
    "rows": _("Its rows"),
    "score": _("Score"),
    "since": _("Since"),
    "slogan": _("Slogan"),
    "source": _("Source of the news"),
    "span": _("Shown are"),
    "starts": _("Starts"),
    "style": _("Style"),
    "subject": _("Subject"),
    "summary": _("Summary"),
    "supper": _("Late meal"),
    "text": _("Text"),
    "title": _("Title"),
    "unit": _("Unit"),
    "value1": _("Value 1"),
    "value2": _("Value 2"),
    "value3": _("Value 3"),
    "value4": _("Value 4"),
    "value5": _("Value 5"),
    "value6": _("Value 6"),
    "value7": _("Value 7"),
    "value8": _("Value 8"),
    "volume": _("Volume"),
    "visits": _("Visits"),
}

#: What can be chosen for a field.
CHOICES: dict[str, Any] = {
    "announcement": _("Announcement"),
    "black": _("Black board"),
    "breakfast": _("Breakfast"),
    "date": _("Date"),
    "day": _("Today"),
    "dinner": _("Dinner"),
    "en": _("English"),
    "evacuate": _("Evacuate"),
    "fire": _("Fire"),
    "gas": _("Gas"),
    "general": _("General"),
    "highest": _("Highest"),
    "lowest": _("Lowest"),
    "lunch": _("Lunch"),
    "money": _("Money"),
    "money-2": _("Money with cents"),
    "month": _("This month"),
    "notice": _("Notice"),
    "number": _("Whole number"),
    "number-1": _("Number, one decimal"),
    "number-2": _("Number, two decimals"),
    "party": _("Party"),
    "percent": _("Percent"),
    "percent-1": _("Percent, one decimal"),
    "places": _("Places"),
    "power": _("Power cut"),
    "quake": _("Earthquake"),
    "red": _("Red board"),
    "red-black": _("Red and black board"),
    "safety": _("Safety"),
    "service": _("Service"),
    "stars": _("Stars"),
    "supper": _("Late meal"),
    "text": _("Text"),
    "urgent": _("Urgent"),
    "water": _("Water"),
    "weather": _("Weather"),
    "zh": _("Chinese"),
}


def template_named(name: str) -> str:
    """A template as people call it."""
    return str(TEMPLATE_NAMES.get(name, name))


def field_named(path: str) -> str:
    """A field as people call it; one of a row with the list that the row is of."""
    return " · ".join(str(FIELDS.get(part, part)) for part in path.split("."))


#: What columns are usually called that fill a field, beside the field's own name; of a path that
#: stands here as a whole, nothing else.
_CALLED: dict[str, frozenset[str]] = {
    "actual": frozenset({"实际", "实际进度", "实际完成", "完成率", "形象进度"}),
    "as_of": frozenset({"截至", "截至日期", "数据日期", "统计日期", "日期"}),
    "allergens": frozenset({"过敏原", "过敏源", "致敏物"}),
    "branch": frozenset({"支部", "党支部", "所在支部"}),
    "counter": frozenset({"窗口", "档口"}),
    "date": frozenset({"日期", "供餐日期"}),
    "deeds": frozenset({"事迹", "主要事迹"}),
    "dish": frozenset({"菜品", "菜名", "菜肴"}),
    "done": frozenset({"完成日期", "完成时间", "实际完成日期"}),
    "due": frozenset({"计划日期", "计划完成日期", "到期日期", "节点日期"}),
    "ends": frozenset({"结束", "结束时间", "完工日期", "计划完工", "竣工日期"}),
    "guests": frozenset({"来宾", "单位", "来访单位"}),
    "joined": frozenset({"入党日期", "入党时间"}),
    "milestones.name": frozenset({"节点", "节点名称", "里程碑", "milestone"}),
    "meal": frozenset({"餐次", "餐别", "餐"}),
    "messages": frozenset({"内容", "消息", "字幕"}),
    "name": frozenset({"姓名", "单位", "班组", "部门", "名称", "项目", "项目名称"}),
    "note": frozenset({"备注", "说明"}),
    "owner": frozenset({"负责部门", "责任部门", "责任单位", "牵头部门", "负责人"}),
    "organizer": frozenset({"主办", "主办部门", "组织者", "预定人"}),
    "plan.date": frozenset({"计划时点"}),
    "plan.percent": frozenset({"时点进度"}),
    "planned": frozenset({"计划", "计划进度", "计划完成"}),
    "post": frozenset({"职务", "岗位"}),
    "price": frozenset({"价格", "单价", "售价"}),
    "project": frozenset({"项目", "项目名称"}),
    "quote": frozenset({"感言", "寄语"}),
    "room": frozenset({"会议室", "地点", "房间"}),
    "score": frozenset({"得分", "分数", "成绩", "数值"}),
    "published": frozenset({"发布时间", "发布日期", "时间"}),
    "source": frozenset({"来源", "出处"}),
    "starts": frozenset({"开始", "开始时间", "开工日期", "计划开工"}),
    "summary": frozenset({"摘要", "简介", "导语"}),
    "title": frozenset({"标题", "会议", "会议名称", "主题"}),
}


def is_called(title: str, path: str) -> bool:
    """Is a column of this title most likely meant for the field?"""
    last = path.rpartition(".")[2]
    wanted = title.strip().casefold()
    if path in _CALLED and path != last:
        return wanted in _CALLED[path]
    return wanted in {last, str(FIELDS.get(last, last)).casefold()} | _CALLED.get(last, frozenset())


def choice_named(word: str) -> str:
    """A choice as people call it; what is Chinese in the data stays as it is."""
    return str(CHOICES.get(word, word))
