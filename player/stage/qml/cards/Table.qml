// Rows of cells, cut into pages and, where there is room, into columns side by side.
// Few rows are set large; many go on to further pages; no cell is ever cut: what does not fit on a
// line takes another one, a row higher than a page goes on on the next, and columns that can be
// spared go, the last ones first, where the zone is narrow.
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
    // The growing column is no narrower than so many letters while others can be spared.
    property real leastGrow: 6
    property real largest: 2
    property color ink: Theme.ink
    property color inkSoft: Theme.inkSoft
    property color accent: Theme.ink
    property color hairline: Theme.hairline

    // Pictures of rows, by the names that their cells say; and whether those in sight are there.
    property var files: ({})
    readonly property bool settled: waiting === 0
    property int waiting: 0

    property int size: legible
    property var pages: [[]]
    property var places: []  // of each column: {x, width}, -1 wide: spared
    property int columnWidth: width
    readonly property int gutter: Math.round(1.6 * size)
    readonly property bool labelled: rows.length > 0 && height >= 4.5 * legible
                                     && columns.some(column => column.label !== "")
    // The rows as they are set: one higher than a page is in parts.
    property var set: []
    property int headHeight: labelled ? Math.round(legible * 1.7) : 0
    readonly property int letters: rows.reduce((sum, row) => sum + row.cells.join("").length
                                                             + row.note.length, 0)

    // As few pages as the smallest size allows, then the largest size with as few.
    function fit() {
        if (width <= 0 || height <= 0)
            return
        measure()
        let fewest = Infinity
        const sizes = [1, 2, 1.75, 1.5, 1.3, 1.15].filter(scale => scale <= largest)
        for (const scale of sizes) {
            if (scale > 1 && estimate(scale) > fewest)
                continue
            const found = best(Math.round(legible * scale), scale > 1)
            if (found === null || found.pages.length > fewest)
                continue
            fewest = found.pages.length
            take(found)
            if (scale > 1)
                return
        }
    }

    // As few pages as a size takes, and no more columns side by side than they need.
    function best(size, strict) {
        let found = null
        for (let count = 1; count <= acrossAt(size); ++count) {
            const tried = laid(size, strict, count)
            if (tried !== null && (found === null || tried.pages.length < found.pages.length))
                found = tried
        }
        return found
    }

    // Set the rows in this size, no farther apart than this.
    function setAt(pixels, apart) {
        mostStretch = apart
        take(best(pixels, false))
        mostStretch = 1.6
    }

    // Natural widths at the smallest size; they grow with it.
    property var natural: []
    function measure() {
        natural = columns.map((column, c) => {
            if (column.kind === "picture")
                return 3 * legible
            let widest = column.label === "" ? 0 : metrics.advanceWidth(column.label)
            for (const row of rows)
                if (!row.heading)
                    widest = Math.max(widest, metrics.advanceWidth(row.cells[c]))
            return Math.ceil(widest * (column.main || rows.some(row => row.strong) ? 1.08 : 1.02)) + (column.kind === "place" ? Math.round(legible * 0.9) : 0)
        })
    }

    // The pages that a size takes at least.
    function estimate(scale) {
        const line = Math.round(legible * scale * 1.9)
        const across = acrossAt(legible * scale)
        return Math.ceil(rows.length / Math.max(1, across * Math.floor((height - (labelled ? 1.7 * legible : 0)) / line)))
    }

    function acrossAt(size) {
        const fits = Math.floor((width + 1.6 * size) / (leastEms * size + 1.6 * size))
        return Math.max(1, Math.min(mostAcross, fits, Math.ceil(rows.length / 3)))
    }

    // Where all stands at a size; null: too narrow for it.
    function laid(size, strict, across) {
        const wide = Math.floor((width - (across - 1) * Math.round(1.6 * size)) / across)
        const places = placed(size, wide, strict)
        if (places === null)
            return null
        const head = headOf(places)
        const room = height - head
        const set = inParts(places, size, wide, room)
        if (set.length > rows.length && (strict || across > 1))
            return null
        const heights = set.map(row => heightOf(row, places, size, wide))
        let cut = cutInto(set, heights, room, across)
        // No page is much emptier than the others: the lowest that takes as many.
        let low = 0, high = room
        while (cut.length * across > 1 && high - low > unit) {
            const middle = Math.round((low + high) / 2)
            const tried = cutInto(set, heights, middle, across)
            if (tried.length > cut.length || tried.tooHigh)
                low = middle
            else
                high = middle
        }
        if (cut.length * across > 1)
            cut = cutInto(set, heights, high, across)
        return { size, places, wide, across, head, set, pages: spread(cut, heights, room) }
    }

    // As high as its longest label is there; a head that would take the rows their place goes.
    function headOf(places) {
        if (!labelled)
            return 0
        const lines = Math.max(...columns.map((column, c) => places[c].width < 0 ? 1
            : cutter.lines(column.label, legible, places[c].width)))
        const high = Math.round(legible * (lines * 1.42 + 0.28))
        return high > height * 0.45 ? 0 : high
    }

    // The rows, those that are higher than `room` in parts; a note goes where it finds no room.
    function inParts(places, size, wide, room) {
        const most = Math.max(1, Math.floor((room - Math.round(size * 0.46)) / Math.round(size * 1.42)))
        const found = []
        for (const row of rows) {
            if (heightOf(row, places, size, wide) <= room) {
                found.push(row)
                continue
            }
            const cells = row.heading ? [headings.cut(row.cells[0], size, wide, most)]
                : row.cells.map((cell, c) => places[c].width < 0 || columns[c].kind === "picture"
                    ? [cell] : cutter.cut(cell, size, places[c].width, most))
            const count = Math.max(...cells.map(parts => parts.length))
            for (let n = 0; n < count; ++n) {
                const part = { cells: columns.map((column, c) => cells[c] ? cells[c][n] || "" : ""),
                               note: n === count - 1 ? row.note : "",
                               heading: row.heading, strong: row.strong }
                if (heightOf(part, places, size, wide) > room)
                    part.note = ""
                found.push(part)
            }
        }
        return found
    }

    // The columns' places in a row `wide` pixels wide.
    function placed(size, wide, strict) {
        const gap = Math.round(0.9 * size), ratio = size / legible
        const spares = strict ? 0 : columns.filter(column => column.spare).length
        const grow = columns.findIndex(column => column.kind === "grow")
        const least = grow < 0 ? 0 : leastGrow * size
        for (let spared = 0; spared <= spares; ++spared) {
            let left = spares - spared
            const shown = columns.map(column => strict || !column.spare || left-- > 0)
            let fixed = columns.map((column, c) => !shown[c] || column.kind === "grow" ? 0
                : column.kind === "text" ? Math.min(Math.ceil(natural[c] * ratio), Math.round(wide * 0.34))
                : Math.ceil(natural[c] * ratio))
            const free = wide - (shown.filter(Boolean).length - 1) * gap
            let sum = fixed.reduce((sum, each) => sum + each, 0)
            if (free - sum < least && (strict || spared < spares))
                continue
            // With nothing left to spare, all give way: what stands in them takes more lines.
            if (free - sum < least) {
                const share = Math.max(0.2, (free - Math.min(least, 3 * size)) / Math.max(1, sum))
                fixed = fixed.map(each => Math.floor(each * Math.min(1, share)))
                sum = fixed.reduce((sum, each) => sum + each, 0)
            }
            let x = 0
            return columns.map((column, c) => {
                if (!shown[c])
                    return { x: 0, width: -1 }
                const place = { x, width: column.kind === "grow" ? Math.max(size, free - sum) : fixed[c] }
                x += place.width + gap
                return place
            })
        }
        return null
    }

    function heightOf(row, places, size, wide) {
        const line = Math.round(size * 1.42), pad = Math.round(size * 0.46)
        if (row.heading)
            return headings.lines(row.cells[0], size, wide) * line + Math.round(size * 0.48)
        let lines = 1, notes = 0
        for (let c = 0; c < columns.length; ++c) {
            if (places[c].width < 0 || columns[c].kind === "picture")
                continue
            lines = Math.max(lines, linesOf(row.cells[c], size, places[c].width))
            if (columns[c].kind === "grow" && row.note !== ""
                    && !noteBeside(row.cells[c], row.note, size, places[c].width))
                notes = linesOf(row.note, legible, places[c].width)
        }
        const least = columns.some(column => column.kind === "picture") ? Math.round(2.2 * size) : 0
        return Math.max(least, lines * line + notes * Math.round(legible * 1.36)) + pad
    }

    // Is there room for a note on the line that it belongs to?
    function noteBeside(text, note, size, wide) {
        return metrics.advanceWidth(text) * size / legible + metrics.advanceWidth(note)
               + 0.8 * size <= wide
    }

    function linesOf(text, size, wide) {
        if (metrics.advanceWidth(text) * size / legible * 1.02 <= wide)
            return 1
        return cutter.lines(text, size, wide)
    }

    // Pages as [{row, across, y}], none higher than `room`; a heading goes with what follows it.
    function cutInto(set, heights, room, across) {
        const found = []
        let page = [], column = 0, y = 0
        found.tooHigh = false
        for (let i = 0; i < heights.length; ++i) {
            const need = heights[i] + (set[i].heading && i + 1 < heights.length ? heights[i + 1] : 0)
            if (y > 0 && y + need > room) {
                y = 0
                if (++column === across) {
                    found.push(page)
                    page = []
                    column = 0
                }
            }
            if (need > room)
                found.tooHigh = true
            page.push({ row: i, column, y })
            y += heights[i]
        }
        found.push(page)
        return found
    }

    // Rows of a page that is not full stand a little further apart.
    property real stretch: 1
    property real mostStretch: 1.6
    function spread(cut, heights, room) {
        let fullest = 1
        for (const page of cut)
            for (const each of page)
                fullest = Math.max(fullest, each.y + heights[each.row])
        stretch = Math.max(1, Math.min(mostStretch, room / fullest))
        return cut.map(page => page.map(each => ({ row: each.row, column: each.column,
            y: Math.round(each.y * stretch), height: Math.round(heights[each.row] * stretch) })))
    }

    function take(found) {
        size = found.size
        places = found.places
        columnWidth = found.wide
        across = found.across
        set = found.set
        headHeight = found.head
        pages = found.pages
    }
    property int across: 1

    FontMetrics {
        id: metrics
        font { family: Theme.sans; pixelSize: table.legible; features: { "tnum": 1 } }
    }

    Cutter { id: cutter }
    Cutter { id: headings; family: Theme.serif; weight: Font.Bold }

    // What the columns are, above each of them.
    Repeater {
        model: table.headHeight > 0 ? table.across : 0

        Item {
            id: head
            required property int index
            x: index * (table.columnWidth + table.gutter)
            width: table.columnWidth
            height: table.headHeight

            Repeater {
                model: table.places.length === table.columns.length ? table.columns : []

                Cell {
                    required property var modelData
                    required property int index
                    place: table.places[index]
                    kind: modelData.kind
                    height: head.height
                    text: modelData.label
                    color: table.inkSoft
                    font.pixelSize: table.legible
                }
            }

            Rectangle {
                y: head.height - height
                width: head.width
                height: Math.max(1, Math.round(table.unit / 4))
                color: table.accent
            }
        }
    }

    Repeater {
        model: table.pages[Math.min(table.page, table.pages.length - 1)]

        Item {
            id: line
            required property var modelData
            readonly property var row: table.set[modelData.row]

            x: modelData.column * (table.columnWidth + table.gutter)
            y: table.headHeight + modelData.y
            width: table.columnWidth
            height: modelData.height

            Text {
                visible: line.row.heading
                height: line.height - Math.round(table.size * 0.2)
                width: line.width
                verticalAlignment: Text.AlignBottom
                text: line.row.cells[0]
                textFormat: Text.PlainText
                wrapMode: Text.Wrap
                lineHeightMode: Text.FixedHeight
                lineHeight: Math.round(table.size * 1.42)
                color: table.accent
                font { family: Theme.serif; pixelSize: table.size; weight: Font.Bold }
            }

            Repeater {
                model: line.row.heading ? [] : table.columns

                Item {
                    id: cell
                    required property var modelData
                    required property int index
                    readonly property string said: line.row.cells[index]
                    readonly property bool crowned: modelData.kind === "place" && /^[123]$/.test(said)

                    Rectangle {
                        visible: cell.crowned
                        x: words.x + Math.round((words.width - width) / 2)
                        y: Math.round((line.height - height) / 2)
                        width: Math.round(table.size * 1.5)
                        height: width
                        radius: Math.round(width * 0.16)
                        color: table.accent
                    }

                    Framed {
                        visible: cell.modelData.kind === "picture" && words.place.width >= 0
                        property bool counted: false
                        function count() {
                            if (counted === settled && visible) {
                                counted = !settled
                                table.waiting += settled ? -1 : 1
                            }
                        }
                        onSettledChanged: count()
                        Component.onCompleted: count()
                        Component.onDestruction: if (counted) table.waiting -= 1
                        x: words.x
                        y: Math.round((line.height - height) / 2)
                        width: words.width
                        height: Math.min(line.height - 2, Math.round(width * 0.68))
                        source: visible ? table.files[cell.said] || "" : ""
                        letter: visible ? line.row.cells[1].charAt(0) : ""
                    }

                    Cell {
                        id: words
                        place: table.places[cell.index] || { x: 0, width: -1 }
                        kind: cell.modelData.kind
                        height: line.height - (noted && !besides ? note.height : 0)
                        readonly property bool noted: kind === "grow" && line.row.note !== ""
                        readonly property bool besides: noted
                            && table.noteBeside(text, line.row.note, table.size, width)
                        text: cell.said
                        color: cell.crowned ? "white" : kind === "move" ? table.inkSoft
                             : cell.modelData.main ? table.accent : table.ink
                        font.pixelSize: table.size
                        font.weight: line.row.strong || cell.crowned || cell.modelData.main ? Font.Bold : Font.Normal

                        Text {
                            id: note
                            visible: words.noted
                            x: words.besides ? words.contentWidth + Math.round(table.size * 0.6) : 0
                            y: words.besides ? Math.round((words.height - height) / 2)
                                             : words.height - Math.round(table.size * 0.26)
                            width: parent.width - x
                            text: visible ? line.row.note : ""
                            textFormat: Text.PlainText
                            wrapMode: Text.Wrap
                            lineHeightMode: Text.FixedHeight
                            lineHeight: Math.round(table.legible * 1.36)
                            color: table.inkSoft
                            font { family: Theme.sans; pixelSize: table.legible }
                        }
                    }
                }
            }

            Rectangle {
                y: line.height - height
                width: line.width
                height: Math.max(1, Math.round(table.unit / 4))
                color: table.hairline
            }
        }
    }

    component Cell: Text {
        property var place: ({ x: 0, width: -1 })
        property string kind: "text"

        visible: place.width >= 0 && kind !== "picture"
        x: place.x
        width: Math.max(1, place.width)
        textFormat: Text.PlainText
        wrapMode: Text.Wrap
        verticalAlignment: Text.AlignVCenter
        horizontalAlignment: kind === "number" ? Text.AlignRight
                           : kind === "place" || kind === "move" ? Text.AlignHCenter : Text.AlignLeft
        lineHeightMode: Text.FixedHeight
        lineHeight: Math.round(font.pixelSize * 1.42)
        font { family: Theme.sans; features: { "tnum": 1 } }
    }
}
