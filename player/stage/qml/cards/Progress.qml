// 重点项目: plan against actual.  One project large, with its milestones below or on pages of their own;
// several as a list with a bar under each.
import QtQuick

Listing {
    id: progress

    readonly property bool single: cardData.bar !== undefined && cardData.bar !== null && !tiny
    readonly property bool narrow: !wide || textWidth < 24 * legible
    // Where nothing large has a place a project is a row like others.
    readonly property var shown: single || !cardData.shorter ? cardData : cardData.shorter

    mostAcross: 1
    leastGrow: 8
    leastRoom: 3.4
    wideNotes: true
    // On two or three lines, or only who is in charge, or nothing.
    beside: slim ? "" : [cardData.aside, cardData.aside.split("　").pop(), ""]
        .find(text => spanOf(text) * 1.1 <= (wide ? 1.9 : 2.8) * textWidth)
    columns: narrow ? narrowed(shown.columns) : shown.columns
    rows: narrow ? shown.rows.map(folded) : shown.rows

    // A milestone keeps how it stands, a project how far it is; the rest stands in the note, in a low
    // zone only how far it is from its plan.
    readonly property int keeps: shown.columns.findIndex(column => column.main)
    readonly property int last: keeps < 0 ? shown.columns.length - 1 : keeps

    // In a low zone what a figure is must be clear without a head.
    function narrowed(columns) {
        return columns.filter((column, c) => c === 0 || c === last)
                      .map(column => slim ? Object.assign({}, column, { label: "" }) : column)
    }

    function folded(row) {
        const said = row.cells.map((cell, c) => c === 0 || c === last || cell === "—" ? ""
            : whole(c < last ? shown.columns[c].label + " " + cell : cell))
        return Object.assign({}, row, { cells: [row.cells[0], row.cells[last]],
            note: [...said.slice(last), ...(slim ? [] : [...said.slice(0, last), row.note])]
                .filter(part => part !== "").join("　") })
    }

    // A line breaks before or after it, not inside.
    function whole(part) { return part.replace(/ /g, "\u00a0").split("").join("\u2060") }

    // The milestones stand below, if there is room for some; else on pages of their own.
    function setAbove() {
        pagesAhead = takenTop = 0
        if (!single)
            return
        const room = floor - ceiling, several = cardData.rows.length
        const least = (1.9 + 2 * Math.min(2, several)) * legible
        if (several > 0) {
            const rest = room - (1.7 + 1.9 * several) * legible - 3 * unit
            hero.fit(Math.round(Math.min(room * 0.62, Math.max(room * 0.52, rest))), false)
            const taken = hero.implicitHeight + 3 * unit
            if (hero.kept === hero.lines.length && room - taken >= least && !splitsUnder(taken)) {
                takenTop = taken
                return
            }
            pagesAhead = 1
        }
        hero.fit(room, true)
    }

    ProgressHero {
        id: hero
        opacity: progress.pagesAhead > 0 ? progress.leaf.opacity : 1
        visible: progress.single && (progress.page < progress.pagesAhead || progress.pagesAhead === 0)
        x: progress.textLeft
        y: progress.ceiling + (progress.takenTop > 0 ? 0
            : Math.round(Math.max(0, progress.floor - progress.ceiling - implicitHeight) * 0.42))
        width: progress.textWidth
        told: progress.cardData
        wide: progress.wide
        legible: progress.legible
        unit: progress.unit
        ink: progress.ink
        inkSoft: progress.inkSoft
        accent: progress.accent
        ground: progress.ground
    }
}
