// Headlines, newest first: each with its picture at the left, how old it is at the right and, below,
// what it is about.  In a narrow zone the headline has the whole width, and below it stands how old
// it is and who says so; in a low one there are no pictures.  One that cannot be read leaves its
// place empty, so that the words stay in line; without a single one they have all of the width.
import QtQuick

Listing {
    id: news

    // The place of the headline among the cells; pictures stand before it.
    readonly property int lead: cardData.columns.findIndex(column => column.kind === "grow")
    // Files that turned out to be no pictures, and those of them that it is set without.
    property var found: []
    property var unread: []
    readonly property bool pictured: lead > 0 && !slim && !tiny
        && cardData.rows.some(row => pictureOf(row) !== "")
    readonly property int first: pictured ? 0 : lead

    function pictureOf(row) {
        const name = row.cells[0]
        return files[name] && !unread.includes(name) ? name : ""
    }

    function cellsOf(row) {
        const words = wide ? row.cells.slice(lead) : [row.cells[lead]]
        return pictured ? [pictureOf(row), ...words] : words
    }

    mostAcross: 1
    leastGrow: pictured ? 8 : 10
    tiled: false
    pictureEms: wide ? 5.4 : 3.8
    pictureShape: wide ? 9 / 16 : 3 / 4
    columns: cardData.columns.slice(first)
        .filter(column => wide || column.kind === "picture" || column.kind === "grow")
    rows: cardData.rows.map(row => Object.assign({}, row, { cells: cellsOf(row) }, wide ? {} : {
        note: row.cells.slice(lead + 1).reverse().filter(cell => cell !== "").join("　")
    }))

    // Once it stands it does not move any more.
    onUnreadable: name => {
        if (running || found.includes(name))
            return
        found = [...found, name]
        fitted = false
        layOutSoon()
    }
    function setAbove() { unread = found }
}
