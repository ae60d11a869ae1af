"""Why a file cannot be read as a table: rows of `failures`, which makes its table of them.

Code, Chinese, English, and the cure in both.
"""

__all__ = ["TABLE_FAILURES"]

TABLE_FAILURES: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "TABLE_EMPTY",
        "表格里没有内容。",
        "The table is empty.",
        "请确认数据在可见的工作表中，第一行是列名。",
        "See that the data is on a visible sheet, with the names of the columns above it.",
    ),
    (
        "TABLE_TOO_LONG",
        "表格太长，最多 {limit} 行（设有格式的空行也计入）。",
        "The table is too long: at most {limit} rows are read (formatted empty rows count too).",
        "请删除多余的行，或分成几个数据表。",
        "Delete the rows that are not needed, or make several data sets of it.",
    ),
    (
        "TABLE_TOO_WIDE",
        "表格太宽，最多 {limit} 列。",
        "The table is too wide: at most {limit} columns are read.",
        "请删除不用的列。",
        "Delete the columns that are not needed.",
    ),
    (
        "TABLE_CELL_TOO_LONG",
        "第 {row} 行有单元格超过 {limit} 个字符。",
        "Row {row} has a cell of more than {limit} characters.",
        "请缩短文字；如果是引号没有成对，请补上。",
        "Shorten it; or close the quotation mark that was left open.",
    ),
    (
        "TABLE_OLD_EXCEL",
        "这是旧版 Excel（XLS）文件，或设有密码的文件。",
        "This is a workbook of old Excel (XLS), or one with a password.",
        "请取消密码，另存为 XLSX 或 CSV 后再导入。",
        "Remove the password, save it as XLSX or CSV and import that.",
    ),
    (
        "TABLE_UNKNOWN",
        "这不是表格。",
        "This is no table.",
        "请导入 XLSX、CSV、JSON 文件，RSS、Atom 新闻源，或 iCalendar 日历。",
        "Import XLSX, CSV or JSON, a feed (RSS, Atom) or a calendar (iCalendar).",
    ),
    (
        "TABLE_ENCODING",
        "无法识别文字编码。",
        "The encoding of the text is not known.",
        "请在 Excel 中另存为“CSV UTF-8”后再导入。",
        "Save it in Excel as “CSV UTF-8” and import that.",
    ),
    (
        "TABLE_JSON",
        "JSON 格式不符：应为对象的列表，每个对象是一行。",
        "The JSON is no list of objects, one for each row.",
        "请检查括号和引号，或请提供方更正。",
        "Check its brackets and quotation marks, or ask whoever provides it.",
    ),
    (
        "TABLE_XML",
        "工作簿里有不应出现的定义（DTD），可能是恶意文件。",
        "The workbook holds definitions (a DTD) that no workbook has; it may be hostile.",
        "请在 Excel 中重新建立这个表格。",
        "Make the table anew in Excel.",
    ),
    (
        "TABLE_NO_SHEET",
        "没有名为“{sheet}”的工作表。",
        "There is no sheet “{sheet}”.",
        "请检查工作表名称。",
        "Check the name of the sheet.",
    ),
    (
        "TABLE_ALL_HIDDEN",
        "所有工作表都是隐藏的。",
        "All sheets are hidden.",
        "请在 Excel 中取消隐藏要导入的工作表。",
        "Unhide the sheet to import in Excel.",
    ),
    (
        "TABLE_MERGED",
        "合并的单元格超过 {limit} 处。",
        "More than {limit} ranges of cells are merged.",
        "请取消合并后再导入。",
        "Unmerge them and import it again.",
    ),
    (
        "TABLE_FEED_EMPTY",
        "新闻源里没有带标题的条目。",
        "The feed has no entry with a title.",
        "请确认地址，或请提供方检查。",
        "Check the address, or ask whoever provides it.",
    ),
    (
        "TABLE_FEED_DAMAGED",
        "新闻源的 XML 格式有误，无法读取。",
        "The XML of the feed is broken and cannot be read.",
        "请稍后再试，或请提供方更正。",
        "Try again later, or ask whoever provides it to mend it.",
    ),
    (
        "TABLE_FEED_DTD",
        "新闻源里有不应出现的定义（DTD），可能是恶意文件。",
        "The feed holds definitions (a DTD) that no feed has; it may be hostile.",
        "请换一个地址，或请提供方更正。",
        "Use another address, or ask whoever provides it.",
    ),
    (
        "TABLE_CALENDAR_DAMAGED",
        "日历不完整，或格式有误，无法读取。",
        "The calendar is incomplete or broken and cannot be read.",
        "请稍后再试，或请提供方更正。",
        "Try again later, or ask whoever provides it to mend it.",
    ),
    (
        "TABLE_CALENDAR_EVENT",
        "日程“{title}”的 {property} 无法读取。",
        "The {property} of the event “{title}” cannot be read.",
        "请在日历中改正，或请提供方更正。",
        "Correct it in the calendar, or ask whoever provides it.",
    ),
    (
        "TABLE_CALENDAR_RULE",
        "日程“{title}”一天重复超过 24 次。",
        "The event “{title}” repeats more than 24 times a day.",
        "请在日历中改正它的重复规则。",
        "Correct in the calendar how it repeats.",
    ),
    (
        "TABLE_CALENDAR_TOO_LONG",
        "日历太长，最多 {limit} 个日程（已结束的一次性日程不计）。",
        "The calendar is too long: at most {limit} events, beside single ones that are over.",
        "请按楼层或会议室分成几个日历。",
        "Make several calendars of it, by floor or by room.",
    ),
    (
        "TABLE_CALENDAR_TOO_BUSY",
        "到明天为止的会议超过 {limit} 场。",
        "There are more than {limit} meetings until tomorrow.",
        "请按楼层或会议室分成几个日历。",
        "Make several calendars of it, by floor or by room.",
    ),
)
