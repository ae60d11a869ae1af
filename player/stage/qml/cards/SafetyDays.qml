// 安全生产天数: the days as tiles that are read from the gate, below them since when, the longest
// run and the goal.  The count comes with the data; it rolls at midnight when new data comes.
import QtQuick
import "../theme"

Sheet {
    id: safety

    ready: fitted
    air: 0.08

    readonly property int room: floor - ceiling
    readonly property bool sloganed: cardData.slogan !== "" && room > 13 * legible
    readonly property int factsHeight: room > 9 * legible ? facts.implicitHeight : 0

    onLayoutDue: {
        fitTitle()
        lead.fit([[Math.round(legible * 1.5), 1], [Math.round(legible * 1.2), 2], [legible, 3]])
        slogan.fit([[Math.round(legible * 1.5), 1], [Math.round(legible * 1.2), 2], [legible, 3]])
        settle()
    }

    Headline {
        id: lead
        x: safety.textLeft
        y: safety.ceiling + Math.round(safety.unit * (safety.tiny ? 0 : 2))
        span: safety.textWidth
        horizontalAlignment: Text.AlignHCenter
        // A headline that is trimmed for its breaks still stands in the middle.
        transform: Translate { x: Math.round(lead.trim / 2) }
        text: safety.cardData.lead
        color: safety.ink
    }

    Figure {
        x: safety.textLeft
        y: lead.y + lead.height + safety.unit
        width: safety.textWidth
        height: Math.max(safety.legible, (safety.sloganed ? slogan.y : facts.y) - y - 2 * safety.unit)
        text: safety.cardData.figure
        unit: safety.cardData.unit
        tiled: true
        most: safety.legible * 9
        ink: "white"
        ground: safety.colours.text
        inkSoft: safety.ink
    }

    Headline {
        id: slogan
        visible: safety.sloganed
        x: safety.textLeft
        y: facts.y - height - 3 * safety.unit
        span: safety.textWidth
        horizontalAlignment: Text.AlignHCenter
        transform: Translate { x: Math.round(slogan.trim / 2) }
        text: safety.cardData.slogan
        color: safety.accent
    }

    Facts {
        id: facts
        visible: safety.factsHeight > 0
        x: safety.textLeft
        y: safety.floor - safety.factsHeight - (safety.factsHeight > 0 ? safety.unit : 0)
        width: safety.textWidth
        model: safety.cardData.facts
        legible: safety.legible
        centred: true
        ink: safety.ink
        inkSoft: safety.inkSoft
        accent: safety.colours.text
    }
}
