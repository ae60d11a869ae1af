// Rows of cells, cut into pages and, where there is room, into columns side by side.
// Few rows are set large; many go on to further pages; no cell is ever cut: what does not fit on a
// line takes another one, a row higher than a page goes on on the next, and columns that can be
// spared go, the last ones first, where the zone is narrow.
// Which columns stand is reckoned in `TableColumns`, how rows make pages in `TableRows`; a row is
// drawn by `TableLine`.
import QtQuick
import "../theme"

Item {
    id: table

    property var columns: []
    property var rows: []
    property int legible: 40
    property int unit: 8
    property int page: 0
    // Columns side by side: at most so many, none narrower than so many letters.
    property int mostAcross: 1
    property real leastEms: 18
    property alias leastGrow: across.leastGrow
    property real largest: 2
    property alias wideNotes: down.wideNotes
    property color ink: Theme.ink
    property color inkSoft: Theme.inkSoft
    property color accent: Theme.ink
    property color hairline: Theme.hairline
    property color ground: Theme.paper

    // Pictures of rows, by the names that their cells say; and whether those in sight are there.
    // A picture is so wide, in letters, and its height is such a share of that; where there is none,
    // a tile with a letter stands for it, or nothing.
    property var files: ({})
    property real pictureEms: 3.6
    property real pictureShape: 2 / 3
    property bool tiled: true
    signal unreadable(string name)
    readonly property bool settled: waiting === 0
    property int waiting: 0

    readonly property bool labelled: rows.length > 0 && height >= 3.7 * legible
                                     && columns.some(column => column.label !== "")
    readonly property int letters: rows.reduce((sum, row) =>
        sum + Theme.lettersOf(row.cells.join("") + row.note), 0)

    // How it is set: pages as [{row, column, y, height}], and the rows that they mean.
    property int size: legible
    property var pages: [[]]
    property var set: []
    property var places: []
    property int count: 1
    property int columnWidth: width
    property int headHeight: labelled ? Math.round(legible * 1.7) : 0
    readonly property int gutter: gutterOf(size)

    // In a low zone rows may stand close: twice as many to a page say more than air does.
    readonly property bool low: height < 8 * legible
    // Rows of a page that is not full stand a little further apart.
    property real stretch: 1
    property real mostStretch: 1.6

    // As few pages as the smallest size allows, then the largest size with as few; in a low zone, with
    // as few lines, too: there a break costs more than small letters do.
    function fit() {
        if (width <= 0 || height <= 0)
            return
        across.measure()
        const least = best(legible, false, 1, Infinity)
        if (least !== null)
            take(least)
        const fewest = least === null ? Infinity : least.pages.length
        for (const scale of [2, 1.75, 1.5, 1.3, 1.15].filter(scale => scale <= largest)) {
            const size = Math.round(legible * scale)
            // Fewer columns side by side already take more pages at the smallest size.
            const found = best(size, true, least === null ? 1 : least.count, fewest, least)
            if (found !== null && found.pages.length <= fewest
                    && !(low && least !== null && linesOf(found) > linesOf(least)))
                return take(found)
        }
    }

    function linesOf(found) { return found.lines.reduce((sum, each) => sum + each.lines, 0) }

    // Is there a row that would go on on another page if the table were so high?
    function splits(high) {
        across.measure()
        const places = across.placed(legible, width, false)
        if (places === null || rows.length === 0)
            return false
        down.measureIn(places, legible, width)
        return down.splitsIn(high - (labelled ? down.headWithin(high) : 0))
    }

    // Do the rows take more than a page, whatever is tried?  True is certain, false is not.
    function turns() { return height > 0 && atLeast(legible, acrossAt(legible)) > 1 }

    // Set the rows in this size, no farther apart than this.
    function setAt(pixels, apart) {
        mostStretch = apart
        take(best(pixels, false, 1, Infinity))
        mostStretch = 1.6
    }

    // As few pages as a size takes, and no more columns side by side than they need, nor fewer than
    // `fewest` of them.  What takes more than `most` pages for certain is not tried.
    function best(size, strict, fewest, most, smaller = null) {
        let found = null
        for (let count = acrossAt(size); count >= fewest; --count) {
            const bound = found === null ? most : found.pages.length
            if (atLeast(size, count) > bound || (smaller !== null && atLeastAfter(smaller, size, count) > bound))
                continue
            const tried = laid(size, strict, count)
            if (tried !== null && (found === null || tried.pages.length <= found.pages.length))
                found = tried
        }
        return found
    }

    // The pages that rows of one line take in so many columns.
    function atLeast(size, count) {
        return Math.ceil(rows.length / Math.max(1, count * Math.floor(height / Math.round(size * 1.42))))
    }

    // The pages that a size takes at least in so many columns, as rows have as many lines as they
    // have in a `smaller` one, in as many columns or fewer, or more.  Nothing is measured for it.
    function atLeastAfter(smaller, size, count) {
        const heights = smaller.lines.map(({ lines, below }, n) =>
            down.heightWith(smaller.set[n], lines, below, size))
        const room = height - (smaller.head > 0 ? Math.round(1.7 * legible) : 0)
        return down.cutInto(smaller.set, heights, room, count).length
    }

    function acrossAt(size) {
        const fits = Math.floor((width + 1.6 * size) / (leastEms * size + 1.6 * size))
        return Math.max(1, Math.min(mostAcross, fits, Math.ceil(rows.length / 3)))
    }

    function gutterOf(size) { return Math.round(1.6 * size) }

    // Where all stands at a size, in so many columns side by side; null: too narrow for it.
    function laid(size, strict, count) {
        const wide = Math.floor((width - (count - 1) * gutterOf(size)) / count)
        const places = across.placed(size, wide, strict)
        if (places === null)
            return null
        down.measureIn(places, size, wide)
        const head = labelled ? down.headWithin(height) : 0
        const room = height - head
        if ((strict || count > 1) && down.splitsIn(room))
            return null
        const set = down.inParts(room)
        if (strict && set.some((row, n) => row.note !== rows[n].note))
            return null
        const heights = set.map(row => down.heightOf(row))
        const lines = set.map(row => row.heading ? { lines: 1, below: 0 } : down.linesIn(row))
        const cut = down.level(set, heights, room, count)
        const pages = spread(set, down.evened(set, heights, cut, room), room)
        return { size, places, wide, count, head, set, pages, lines }
    }

    function spread(set, cut, room) {
        let fullest = 1
        for (const page of cut)
            for (const each of page)
                fullest = Math.max(fullest, each.y + each.height)
        stretch = Math.max(1, Math.min(mostStretch, room / fullest))
        // In a low zone a row that has a page for itself takes most of it.
        const alone = page => page.length === 1 && low
            ? Math.max(stretch, Math.min(2.2, room / page[0].height)) : stretch
        return cut.map(page => page.map(each => ({ row: each.row, column: each.column,
            y: Math.round(each.y * stretch), height: Math.round(each.height * alone(page)),
            laid: set[each.row].heading || !wideNotes ? null : down.linesIn(set[each.row]) })))
    }

    function take(found) {
        down.measureIn(found.places, found.size, found.wide)
        size = found.size
        places = found.places
        columnWidth = found.wide
        count = found.count
        set = found.set
        headHeight = found.head
        pages = found.pages
    }

    TableColumns {
        id: across
        columns: table.columns
        rows: table.rows
        legible: table.legible
        labelled: table.labelled
        pictureEms: table.pictureEms
    }

    TableRows {
        id: down
        pictureHigh: table.pictureEms * table.pictureShape
        spanOf: across.spanOf
        columns: table.columns
        rows: table.rows
        legible: table.legible
        rowAir: table.low ? 0.2 : 0.46
    }

    Repeater {
        model: table.headHeight > 0 ? table.count : 0

        TableHead {
            required property int index
            x: index * (table.columnWidth + table.gutter)
            width: table.columnWidth
            height: table.headHeight
            columns: table.columns
            places: table.places
            legible: table.legible
            unit: table.unit
            ink: table.ink
            inkSoft: table.inkSoft
            accent: table.accent
        }
    }

    Repeater {
        model: table.pages[Math.min(table.page, table.pages.length - 1)]

        TableLine {
            required property var modelData
            x: modelData.column * (table.columnWidth + table.gutter)
            y: table.headHeight + modelData.y
            width: table.columnWidth
            height: modelData.height
            row: table.set[modelData.row]
            columns: table.columns
            places: table.places
            size: table.size
            legible: table.legible
            unit: table.unit
            files: table.files
            pictureShape: table.pictureShape
            tiled: table.tiled
            noteBeside: down.noteBeside
            laid: modelData.laid
            barHeight: down.barOf(row, table.size)
            ink: table.ink
            inkSoft: table.inkSoft
            accent: table.accent
            hairline: table.hairline
            ground: table.ground
            onWaits: change => table.waiting += change
            onUnreadable: name => table.unreadable(name)
        }
    }
}
