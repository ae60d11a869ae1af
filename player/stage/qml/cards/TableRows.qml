// How high the rows of a table are, and how they are cut into pages.  It measures and draws nothing.
// A row higher than a page goes on on the next; a heading goes with what follows it.
import QtQuick
import "../theme"

Item {
    id: setting

    property var columns: []
    property var rows: []
    property int legible: 40
    // How wide a text is at the smallest size.
    property var spanOf: text => 0
    // Of {x, width}: see `TableColumns`.
    property var places: []
    property int size: legible
    property int wide: 0
    // Does a note under its cell go on below the other ones?
    property bool wideNotes: false
    // How high a picture is, in letters; and the air around the words of a row.
    property real pictureHigh: 2.4
    property real rowAir: 0.46

    readonly property bool pictured: columns.some(column => column.kind === "picture")

    visible: false

    function lineOf(size) { return Math.round(size * 1.42) }

    // From here on rows are measured in these places, this size and this width.
    function measureIn(places, size, wide) {
        setting.places = places
        setting.size = size
        setting.wide = wide
        laid = new Map()
    }

    // What `linesIn` found of rows, in these places and this size.
    property var laid: new Map()

    // As high as its longest label is there; a head that would take the rows their place goes.
    function headWithin(height) {
        const lines = Math.max(...columns.map((column, c) => places[c].width < 0 ? 1
            : cutter.lines(column.label, legible, places[c].width)))
        const high = Math.round(legible * (lines * 1.42 + 0.28))
        return high > height * 0.47 ? 0 : high
    }

    function heightOf(row) {
        if (row.heading)
            return heightWith(row, headings.lines(row.cells[0], size, wide), 0, size)
        const { lines, below } = linesIn(row)
        return heightWith(row, lines, below, size)
    }

    // The height of a row with so many lines, and a note so high below them.
    function heightWith(row, lines, below, size) {
        if (row.heading)
            return lines * lineOf(size) + Math.round(size * 0.48)
        const least = pictured ? Math.round(pictureHigh * size) : 0
        const pad = Math.round(size * (row.bar ? 0.12 : rowAir))
        return Math.max(least, lines * lineOf(size) + below) + pad + barOf(row, size)
    }

    // How many lines its cells take, and how high its note is below them, in pixels.
    function linesIn(row) {
        const known = laid.get(row)
        if (known !== undefined)
            return known
        let lines = 1, notes = 0
        for (let c = 0; c < columns.length; ++c) {
            if (places[c].width < 0 || columns[c].kind === "picture")
                continue
            lines = Math.max(lines, linesOf(row.cells[c], size, places[c].width))
            if (columns[c].kind === "grow" && row.note !== ""
                    && !noteBeside(row.cells[c], row.note, size, places[c].width))
                notes = linesOf(row.note, legible, wideNotes ? wide - places[c].x : places[c].width)
        }
        const found = { lines, below: notes * Math.round(legible * 1.36) }
        laid.set(row, found)
        return found
    }

    // A bar below a row, and the air around it.
    function barOf(row, size = setting.size) { return row.bar ? Math.round(0.85 * size) : 0 }

    // Is there room for a note on the line that it belongs to?  Beside a picture it stands below, as
    // there the next one's may have to.
    function noteBeside(text, note, size, width) {
        return !pictured && spanOf(text) * size / legible + spanOf(note) + 0.8 * size <= width
    }

    function linesOf(text, size, width) {
        if (spanOf(text) * size / legible * 1.02 <= width)
            return 1
        return cutter.lines(text, size, width)
    }

    // The most lines that a row may have on a page.
    function mostIn(row, room) {
        return Math.max(1, Math.floor((room - Math.round(size * rowAir) - barOf(row)) / lineOf(size)))
    }

    // Is there a row that no page holds in one piece?  Far quicker than to cut them all.
    function splitsIn(room) {
        return rows.some(row => heightOf(row) > room && mostIn(row, room)
            < (row.heading ? headings.lines(row.cells[0], size, wide) : linesIn(row).lines))
    }

    // The rows, those that are higher than `room` in parts; a note goes where it finds no room.
    function inParts(room) {
        return [].concat(...rows.map(row => heightOf(row) <= room ? [row]
                                                                   : partsOf(row, mostIn(row, room), room)))
    }

    function partsOf(row, most, room) {
        const cells = row.heading ? [headings.cut(row.cells[0], size, wide, most)]
            : row.cells.map((cell, c) => places[c].width < 0 || columns[c].kind === "picture"
                ? [cell] : cutter.cut(cell, size, places[c].width, most))
        const count = Math.max(...cells.map(parts => parts.length))
        return [...Array(count).keys()].map(n => {
            const part = { cells: columns.map((column, c) => cells[c] ? cells[c][n] || "" : ""),
                           note: n === count - 1 ? row.note : "",
                           heading: row.heading, strong: row.strong, lit: row.lit,
                           bar: n === count - 1 ? row.bar : null }
            return heightOf(part) > room ? Object.assign({}, part, { note: "" }) : part
        })
    }

    // Pages as [{row, column, y}] of rows so high, none higher than `room`; no page is much emptier
    // than the others: the lowest that takes as many.
    function level(set, heights, room, across) {
        const fewest = pagesOf(set, heights, room, across)
        if (fewest * across === 1)
            return cutInto(set, heights, room, across)
        const highest = Math.max(...set.map((row, i) => withNext(set, heights, i)))
        let low = 0, high = room
        while (high - low > legible / 5) {
            const middle = Math.round((low + high) / 2)
            if (middle < highest || pagesOf(set, heights, middle, across) > fewest)
                low = middle
            else
                high = middle
        }
        return cutInto(set, heights, high, across)
    }

    // The height of a row, of a heading with the row that it goes with.
    function withNext(set, heights, i) {
        return heights[i] + (set[i].heading && i + 1 < heights.length ? heights[i + 1] : 0)
    }

    // How many pages that takes; `place` is told where each row goes.
    function pagesOf(set, heights, room, across, place = null) {
        let pages = 1, column = 0, y = 0
        for (let i = 0; i < heights.length; ++i) {
            if (y > 0 && y + withNext(set, heights, i) > room) {
                y = 0
                if (++column === across) {
                    ++pages
                    column = 0
                }
            }
            if (place !== null)
                place(i, pages - 1, column, y)
            y += heights[i]
        }
        return pages
    }

    function cutInto(set, heights, room, across) {
        const found = [[]]
        pagesOf(set, heights, room, across, (row, page, column, y) => {
            if (page === found.length)
                found.push([])
            found[page].push({ row, column, y })
        })
        return found
    }

    // The same pages with the heights of their rows.  Where that takes no more room, rows of columns
    // side by side stand on the same lines.
    function evened(set, heights, cut, room) {
        return cut.map(page => {
            const most = Math.max(...page.map(each => heights[each.row])), rank = []
            const ranks = page.map(({ column }) => rank[column] = (rank[column] || 0) + 1)
            const alike = page.length > 0 && page[page.length - 1].column > 0
                && page.every(each => !set[each.row].heading) && Math.max(...ranks) * most <= room
            return page.map(({ row, column, y }, n) => alike
                ? { row, column, y: (ranks[n] - 1) * most, height: most }
                : { row, column, y, height: heights[row] })
        })
    }

    Cutter { id: cutter }
    Cutter { id: headings; family: Theme.serif; weight: Font.Bold }
}
