// The coming days, a row each: which day, the sign and the word, and from how cold to how warm, with a
// bar that says where that lies in all of these days.  What there is no room for goes: the bar, then
// the words; days go from the end.
import QtQuick
import "../theme"

Item {
    id: days

    // [{day, sky, word, low, high, from, till}]
    property var told: []
    property int legible: 40
    property int unit: 8
    // Where there is very little room: which day, how cold and how warm, and nothing else.
    property bool signed: true
    property color ground: Theme.night
    property color ink: Theme.moon
    property color inkSoft: Theme.moonSoft
    property color hairline: Theme.nightLine

    readonly property int rowLeast: Math.round(legible * 1.7)
    readonly property int kept: Math.max(0, Math.min(told.length, Math.floor(height / rowLeast)))
    readonly property int row: kept > 0 ? Math.min(Math.floor(height / kept), Math.round(legible * 2.9)) : 0
    // As large as the rows allow, and the words.
    readonly property int largest: Math.round(legible * Math.min(1.3, Math.max(1, row / legible / 2)))
    readonly property int size: Math.max(legible, Math.min(largest, Math.floor(width / Math.max(1, spanAt(true)))),
                                         spanAt(true) * legible > width ? Math.min(largest, Math.floor(width / Math.max(1, spanAt(false)))) : 0)
    readonly property int signSize: signed ? Math.round(Math.min(row * 0.82, size * 1.75)) : 0
    readonly property int gap: Math.round(size * 0.45)
    readonly property int signGap: signed ? gap : 0
    readonly property var shown: told.slice(0, kept)

    readonly property int nameWide: widest("day")
    readonly property int lowWide: widest("low")
    readonly property int highWide: widest("high")
    readonly property int wordWide: widest("word")
    readonly property int base: nameWide + gap + signSize + signGap + lowWide + gap + highWide
    readonly property bool worded: wordWide > 0 && base + gap + wordWide <= width
    readonly property int barWide: {
        const free = width - base - (worded ? gap + wordWide : 0) - gap
        return free >= 2.2 * size ? Math.min(free, 9 * size) : 0
    }

    readonly property int wordLeft: nameWide + gap + signSize + signGap
    // As high as its rows are: whoever places it may leave the rest free.
    readonly property int used: kept * row

    function emsOf(field) {
        return shown.reduce((most, day) => Math.max(most, ruler.advanceWidth(day[field])), 0) / 100
    }

    function widest(field) { return Math.ceil(emsOf(field) * size) }

    // How wide a row is, in letters, with and without words.
    function spanAt(withWords) {
        const words = emsOf("word")
        return emsOf("day") + emsOf("low") + emsOf("high") + 2 * 0.45 + 0.1
            + (signed ? 1.75 + 0.45 : 0)
            + (withWords && words > 0 ? words + 0.45 : 0)
    }

    FontMetrics { id: ruler; font { family: Theme.sans; pixelSize: 100; weight: Font.Medium; features: { "tnum": 1 } } }

    component Cell: Text {
        height: days.row
        verticalAlignment: Text.AlignVCenter
        textFormat: Text.PlainText
        color: days.ink
        font { family: Theme.sans; pixelSize: days.size; weight: Font.Medium; features: { "tnum": 1 } }
    }

    Repeater {
        model: days.shown

        Item {
            id: line
            required property var modelData
            required property int index
            // A word without a sign takes the sign's place where the words have none of their own.
            readonly property bool squeezed: !days.worded && modelData.sky === "" && modelData.word !== ""
                && days.nameWide + 2 * days.gap + days.lowWide + days.gap + days.highWide
                   + ruler.advanceWidth(modelData.word) / 100 * days.size <= days.width

            y: index * days.row
            width: days.width
            height: days.row

            Rectangle {
                visible: line.index > 0
                width: parent.width
                height: Math.max(1, Math.round(days.unit / 4))
                color: days.hairline
            }

            Cell {
                text: line.modelData.day
                font.weight: line.modelData.today ? Font.Bold : Font.Medium
            }

            SkySign {
                visible: days.signed
                x: days.nameWide + days.gap
                y: Math.round((days.row - height) / 2)
                width: days.signSize
                height: days.signSize
                sky: line.modelData.sky
                ground: days.ground
            }

            Cell {
                visible: days.worded || line.squeezed
                x: days.worded ? days.wordLeft : days.nameWide + days.gap
                text: line.modelData.word
            }

            Cell {
                x: days.width - width - days.gap - days.highWide - (days.barWide > 0 ? days.barWide + days.gap : 0)
                width: days.lowWide
                horizontalAlignment: Text.AlignRight
                text: line.modelData.low
                color: days.inkSoft
            }

            Rectangle {
                id: track
                visible: days.barWide > 0 && line.modelData.low !== "" && line.modelData.high !== ""
                x: days.width - days.highWide - days.gap - width
                y: Math.round((days.row - height) / 2)
                width: days.barWide
                height: Math.round(days.unit * 1.25)
                radius: height / 2
                color: days.hairline

                Rectangle {
                    x: Math.round(line.modelData.from * (parent.width - parent.height))
                    width: Math.round((line.modelData.till - line.modelData.from) * (parent.width - parent.height)) + parent.height
                    height: parent.height
                    radius: height / 2
                    color: Theme.sky.sun
                }
            }

            Cell {
                x: days.width - width
                width: days.highWide
                horizontalAlignment: Text.AlignRight
                text: line.modelData.high
            }
        }
    }
}
