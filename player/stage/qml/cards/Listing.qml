// A sheet with one table on it and, where there is room, closing words below; calm words in the
// place of both while there are no rows.
import QtQuick
import "../theme"

Sheet {
    id: listing

    property alias mostAcross: table.mostAcross
    property alias leastGrow: table.leastGrow
    property alias wideNotes: table.wideNotes
    property alias pictureEms: table.pictureEms
    property alias pictureShape: table.pictureShape
    property alias tiled: table.tiled
    signal unreadable(string name)
    // What the table sets: a card may set it another way where there is little room.
    property var columns: cardData.columns
    property var rows: cardData.rows
    property string closing: ""
    // What a card takes away below for itself.
    property int takenBelow: 0
    readonly property int base: floor - takenBelow
    // The same above the table, and pages of its own before those of the table: both are set here,
    // when the head stands.
    property int takenTop: 0
    property int pagesAhead: 0
    function setAbove() {}
    // Would so much above the table cut its rows in two?
    function splitsUnder(taken) { return table.splits(base - ceiling - taken) }

    slims: true
    // In a low zone figures without what they are say nothing: the headline goes before the head.
    leastRoom: columns.some(column => column.label !== "") ? 3.8 : 3
    air: wide ? 0.075 : 0.055
    ready: fitted && table.settled
    leaf: table

    readonly property bool bare: cardData.rows.length === 0
    readonly property bool closed: closing !== "" && !bare && !slim && !tiny
                                   && base - ceiling > 10 * legible

    onLayoutDue: {
        fitTitle()
        const sized = scale => Math.round(legible * scale)
        words.fit([[sized(1.5), 1], [sized(1.25), 1], [legible, 1], [legible, 3]])
        calm.fitRoom()
        crowded = crowded || (slim && bare && calm.height > base - ceiling)
        pageCount = 1
        setAbove()
        const whole = floor
        if (table.turns())
            pageCount = 2
        else
            fitTable()
        // The number of the page stands at the foot, which there may not have been before.
        if (floor !== whole)
            setAbove()
        if (floor !== whole || table.turns())
            fitTable()
        letters = table.letters
        settle()
    }

    function fitTable() {
        table.fit()
        pageCount = table.pages.length + pagesAhead
    }

    Table {
        id: table
        visible: !listing.covered && listing.page >= listing.pagesAhead
        x: listing.textLeft
        y: listing.ceiling + listing.takenTop
        width: listing.textWidth
        height: (listing.closed ? words.y - 3 * listing.unit : listing.base) - y
        columns: listing.columns
        rows: listing.rows
        files: listing.files
        onUnreadable: name => listing.unreadable(name)
        legible: listing.legible
        unit: listing.unit
        page: Math.max(0, listing.page - listing.pagesAhead)
        largest: 1.75
        ink: listing.ink
        inkSoft: listing.inkSoft
        accent: listing.accent
    }

    Headline {
        id: words
        visible: listing.closed
        x: listing.textLeft
        y: listing.base - height - listing.unit
        span: listing.textWidth
        horizontalAlignment: Text.AlignHCenter
        text: listing.closing
        color: listing.accent
    }

    Calm {
        id: calm
        visible: listing.bare && !listing.covered
        sheet: listing
        base: listing.base
        color: listing.closing === "" ? listing.inkSoft : listing.accent
    }
}
