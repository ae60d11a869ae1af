// Headlines, newest first: each with what it is about below, then its picture, then how old it is.  In
// a narrow zone there is no room for columns, and how old it is and who says so stands below it; in a
// low one there are no pictures.  Words stand before pictures, so that all of them begin on one line
// where some have none; without a single one they have all of the width.
import QtQuick

Listing {
    id: news

    // The place of the headline among the cells; pictures come before it.
    readonly property int lead: cardData.columns.findIndex(column => column.kind === "grow")
    // Files that turned out to be no pictures, and those of them that it is set without.
    property var found: []
    property var unread: []
    readonly property bool pictured: lead > 0 && !slim && !tiny
        && cardData.rows.some(row => pictureOf(row) !== "")

    function pictureOf(row) {
        const name = row.cells[0]
        return files[name] && !unread.includes(name) ? name : ""
    }

    // The headline, its picture where there are any, and beside them, where there is room, the rest.
    function inOrder(each, picture) {
        return [each[lead], ...(pictured ? [picture] : []), ...(wide ? each.slice(lead + 1) : [])]
    }

    mostAcross: 1
    leastGrow: pictured ? 8 : 10
    tiled: false
    pictureEms: wide ? 5.4 : 3.8
    pictureShape: wide ? 9 / 16 : 3 / 4
    columns: inOrder(cardData.columns, cardData.columns[0])
    rows: cardData.rows.map(row => Object.assign({}, row, {
        cells: inOrder(row.cells, pictureOf(row))
    }, wide ? {} : {
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
