// 会议安排: the meetings of a house, or of one room: then with the sign of its door beside the list,
// above it where the zone is upright, and alone where there is room for nothing else.
import QtQuick

Listing {
    id: agenda

    readonly property var door: cardData.door || null
    readonly property bool signed: door !== null
    readonly property bool alone: signed && (slim || tiny)
    readonly property bool foretold: bare && cardData.next !== null && !slim && !tiny
        && floor - ceiling > 7 * legible

    covered: alone
    mostAcross: 1
    leastGrow: 8
    takenRight: signed && wide && !alone ? Math.round(width * 0.4) : 0
    takenAbove: signed && !wide && !alone ? Math.round(height * 0.3) : 0
    takenBelow: foretold ? coming.height + 3 * unit : 0

    // In a narrow zone all but the beginning and the meeting stands below it.  Which day it is stands
    // in the head.
    columns: wide ? cardData.columns : cardData.columns.slice(0, 2)
    rows: cardData.rows.filter(row => tiny || !row.heading)
                       .map(row => wide || row.heading ? row : narrowed(row))

    function narrowed(row) {
        const [begins, ends] = row.cells[0].replace(/\u2060/g, "").split("—")
        const [place, ...state] = row.cells.slice(2)
        const below = [place || "", ends ? cardData.to + ends : "", ...state, row.note]
        return Object.assign({}, row, { cells: [begins, row.cells[1]],
            note: (slim ? onOneLine : each => each)(below.filter(part => part !== "").map(whole)).join("  ") })
    }

    // In a low zone where and until when are said, and what else a line holds: a note of two lines
    // would find no room, and go as a whole.
    function onOneLine(parts) {
        const free = textWidth - spanOf("00:00") * 1.3 - 1.2 * legible
        let kept = parts.length
        while (kept > 1 && spanOf(parts.slice(0, kept).join("  ")) > free)
            --kept
        return parts.slice(0, kept)
    }

    // Breaks before or after it rather than inside, where a line holds it.
    function whole(part) { return part.length > 14 ? part : part.replace(/ /g, "\u00a0").split("").join("\u2060") }

    onLayoutDue: {
        sign.fit()
        coming.fit()
    }

    Coming {
        id: coming
        visible: agenda.foretold
        x: agenda.textLeft
        y: agenda.floor - height
        width: agenda.textWidth
        told: agenda.cardData.next || null
        legible: agenda.legible
        unit: agenda.unit
        ink: agenda.ink
    }

    DoorSign {
        id: sign
        visible: agenda.signed
        x: agenda.alone || !agenda.wide ? 0 : agenda.width - width
        width: agenda.alone || !agenda.wide ? agenda.width : agenda.takenRight
        height: agenda.alone || agenda.wide ? agenda.height : agenda.takenAbove
        margin: agenda.alone ? agenda.margin : 0
        room: agenda.alone ? agenda.said : ""
        told: agenda.door || { state: "free", word: "", until: "", meeting: null }
        legible: agenda.legible
        unit: agenda.unit
    }
}
