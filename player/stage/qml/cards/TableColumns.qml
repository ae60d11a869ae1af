// Which columns of a table stand, where, and how wide they are.  It measures and draws nothing.
import QtQuick
import "../theme"

Item {
    id: setting

    property var columns: []
    property var rows: []
    property int legible: 40
    property bool labelled: false
    // The growing column is no narrower than so many letters while others can be spared.
    property real leastGrow: 6
    // How wide a picture is, in letters.
    property real pictureEms: 3.6

    // Widths at the smallest size, in pixels; they grow with it.
    property var natural: []

    visible: false

    // How wide a text is at the smallest size.  Shaping is dear, and many cells say the same.
    property var spans: ({})
    function spanOf(text) {
        const known = spans[text]
        return known !== undefined ? known : spans[text] = metrics.advanceWidth(text)
    }

    function measure() {
        spans = {}
        natural = columns.map((column, c) => {
            if (column.kind === "picture")
                return Math.round(pictureEms * legible)
            const bold = column.main || rows.some(row => row.strong) ? 1.08 : 1.02
            let widest = 0
            for (const row of rows)
                if (!row.heading)
                    widest = Math.max(widest, bold * spanOf(row.cells[c]))
            // The tile of the first three.
            if (column.kind === "place")
                widest += 0.9 * legible
            const signed = column.sign ? 0.7 * legible : 0
            return Math.ceil(Math.max(widest, labelled ? 1.02 * spanOf(column.label) + signed : 0))
        })
    }

    // The columns' places {x, width} in a row `wide` pixels wide; -1 wide: spared.  null: too narrow
    // for all, where none may be spared.
    function placed(size, wide, strict) {
        const spares = strict ? 0 : columns.filter(column => column.spare).length
        for (let spared = 0; spared <= spares; ++spared) {
            const found = without(spared, size, wide, strict, spared === spares)
            if (found !== null)
                return found
        }
        return null
    }

    // As `placed`, without so many of those that can be spared; with nothing left to spare (`last`)
    // all give way, and what stands in them takes more lines.
    function without(spared, size, wide, strict, last) {
        let left = columns.filter(column => column.spare).length - spared
        const shown = columns.map(column => strict || !column.spare || left-- > 0)
        const gaps = gapsAfter(shown, size)
        const least = columns.some(column => column.kind === "grow") ? leastGrow * size : 0
        let fixed = columns.map((column, c) => shown[c] ? widthOf(column, c, size, wide) : 0)
        const free = wide - sum(gaps)
        if (free - sum(fixed) < least) {
            if (strict || !last)
                return null
            const share = Math.max(0.2, (free - Math.min(least, 3 * size)) / Math.max(1, sum(fixed)))
            fixed = fixed.map(each => Math.floor(each * Math.min(1, share)))
        }
        return inOrder(shown, gaps, fixed, Math.max(size, free - sum(fixed)))
    }

    function inOrder(shown, gaps, fixed, grown) {
        let x = 0
        return columns.map((column, c) => {
            if (!shown[c])
                return { x: 0, width: -1 }
            const place = { x, width: column.kind === "grow" ? grown : fixed[c] }
            x += place.width + gaps[c]
            return place
        })
    }

    function widthOf(column, c, size, wide) {
        const width = Math.ceil(natural[c] * size / legible)
        return column.kind === "grow" ? 0
            : column.kind === "text" ? Math.min(width, Math.round(wide * 0.34)) : width
    }

    // The space after each column: wider where figures end beside words that begin, so that they do
    // not read as one.
    function gapsAfter(shown, size) {
        const standing = columns.map((column, c) => c).filter(c => shown[c])
        return columns.map((column, c) => {
            const next = standing[standing.indexOf(c) + 1]
            if (!shown[c] || next === undefined)
                return 0
            const meets = column.kind === "number" && ["text", "grow"].includes(columns[next].kind)
            return Math.round(size * (meets ? 1.6 : column.kind === "place" ? 0.6 : 0.9))
        })
    }

    function sum(numbers) { return numbers.reduce((sum, each) => sum + each, 0) }

    FontMetrics {
        id: metrics
        font { family: Theme.sans; pixelSize: setting.legible; features: { "tnum": 1 } }
    }
}
