// 安全生产天数: the days as tiles that are read from the gate, below them since when, the longest
// run and the goal.  The count comes with the data; it rolls at midnight when new data comes.
import QtQuick
import "../theme"

Sheet {
    id: safety

    slims: true
    air: wide ? 0.075 : 0.055
    ready: fitted

    readonly property int room: floor - ceiling
    // The figure comes first: the slogan, then the facts, one after another, leave it their place.
    readonly property int figureLeast: Math.round(Math.min(legible * 5, textWidth * 0.3))
    readonly property int factsKept: {
        for (let kept = cardData.facts.length; kept > 0; --kept)
            if (facts.legibly && facts.heightOf(kept) + figureLeast + 3 * unit <= room)
                return kept
        return 0
    }
    readonly property int factsHeight: factsKept > 0 ? facts.implicitHeight + unit : 0
    readonly property bool sloganed: cardData.slogan !== ""
        && room - factsHeight - slogan.height - 7 * unit > figureLeast

    onLayoutDue: {
        fitTitle()
        slogan.broken = false
        slogan.fit([[Math.round(legible * 1.5), 1], [Math.round(legible * 1.2), 1], [legible, 1]])
        if (slogan.lineCount > 1) {
            slogan.broken = true
            slogan.fit([[Math.round(legible * 1.5), 3], [Math.round(legible * 1.2), 3], [legible, 4]])
        }
        settle()
    }

    Figure {
        x: safety.textLeft
        y: safety.ceiling + (safety.slim ? safety.unit : safety.tiny ? 0 : 3 * safety.unit)
        width: safety.textWidth
        height: Math.max(1.25 * safety.legible, (safety.sloganed ? slogan.y : safety.floor - safety.factsHeight)
                                         - y - (safety.slim ? safety.unit : safety.tiny ? 0 : 4 * safety.unit))
        text: safety.cardData.figure
        unit: safety.cardData.unit
        tiled: true
        least: safety.legible
        most: safety.legible * 9
        ink: "white"
        ground: safety.colours.text
        inkSoft: safety.ink
    }

    Headline {
        id: slogan
        visible: safety.sloganed
        x: safety.textLeft
        y: safety.floor - safety.factsHeight - height - 3 * safety.unit
        span: safety.textWidth
        horizontalAlignment: Text.AlignHCenter
        // What does not fit on a line breaks where it pauses.
        property bool broken: false
        text: broken ? safety.cardData.slogan.split("　").join("\n") : safety.cardData.slogan
        color: safety.accent
    }

    Facts {
        id: facts
        visible: safety.factsKept > 0
        x: safety.textLeft
        y: safety.floor - safety.factsHeight
        width: safety.textWidth
        model: safety.cardData.facts
        kept: safety.factsKept
        legible: safety.legible
        centred: true
        ink: safety.ink
        inkSoft: safety.inkSoft
        accent: safety.colours.text
    }
}
