// The paragraphs of a card one under another, and where their lines may be cut into pages.
import QtQuick
import "../theme"

Item {
    id: passages

    property var blocks: []
    property int size: 40
    property int lineHeight: 64
    property color accent

    // The space above passage `i`: wide before a heading, narrow after it and between points.
    function gapAbove(i) {
        if (i === 0)
            return 0
        const above = blocks[i - 1].kind, kind = blocks[i].kind
        if (kind === "heading")
            return Math.round(lineHeight * 0.45)
        if (above === "heading")
            return 0
        return Math.round(lineHeight * (kind !== "text" && kind === above ? 0.12 : 0.36))
    }

    // Terms that follow one another hang alike, unless the longest would leave too little.
    function columnOf(i) {
        if (blocks[i].kind !== "term")
            return 0
        let first = i, past = i + 1
        while (first > 0 && blocks[first - 1].kind === "term")
            --first
        while (past < blocks.length && blocks[past].kind === "term")
            ++past
        const widest = Math.max(...blocks.slice(first, past).map(block =>
            ruler.advanceWidth(block.label) / 100 + (block.label.endsWith("：") ? 0.25 : 0.7)))
        return widest * size <= width * 0.36 ? Math.ceil(widest * size) : 0
    }

    FontMetrics { id: ruler; font { family: Theme.sans; pixelSize: 100; weight: Font.Bold } }

    implicitHeight: extent()

    // The height of everything, in pixels.
    function extent() {
        let bottom = 0
        for (let i = 0; i < repeater.count; ++i)
            bottom += gapAbove(i) + repeater.itemAt(i).implicitHeight
        return bottom
    }

    // The height of everything at another size, at least: reckoned from lengths, not laid out.
    function estimate(other) {
        const line = Math.round(other * 1.6)
        let bottom = 0
        for (const block of blocks)
            bottom += Math.max(1, Math.floor(block.ems * other * 0.9 / width)) * line
        return bottom
    }

    // Every line as {top, starts, ends, heading}: `starts` and `ends` mark its paragraph's edges.
    function lines() {
        const found = []
        let top = 0
        for (let i = 0; i < repeater.count; ++i) {
            const passage = repeater.itemAt(i)
            top += gapAbove(i)
            const count = Math.round(passage.implicitHeight / lineHeight)
            for (let n = 0; n < count; ++n)
                found.push({ "top": top + n * lineHeight, "starts": n === 0,
                             "ends": n === count - 1, "heading": passage.heading })
            top += passage.implicitHeight
        }
        return found
    }

    // Pages {top, height} none of which is higher than `room`.
    function cut(room) {
        const all = lines(), found = []
        let first = 0
        while (first < all.length) {
            const past = breakAfter(all, first, room)
            found.push({ "top": all[first].top,
                         "height": all[past - 1].top + lineHeight - all[first].top })
            first = past
        }
        return found.length > 0 ? found : [{ "top": 0, "height": 0 }]
    }

    // The first line of the page after the one that begins with `first`: the break that costs
    // least.  An empty rest of a page costs something, a parted paragraph too, and more if it
    // leaves a line alone.  A heading always goes with what follows it.
    function breakAfter(all, first, room) {
        const filled = past => (all[past - 1].top + lineHeight - all[first].top) / room
        let last = first + 1
        while (last < all.length && filled(last + 1) <= 1)
            ++last
        if (last === all.length)
            return last
        let best = last, least = Infinity
        for (let past = last; past > first; --past) {
            if (all[past - 1].heading)
                continue
            const parted = !all[past].starts
            const lonely = parted && (all[past - 1].starts || all[past].ends)
            const cost = 2 * (1 - filled(past)) + (parted ? 0.5 : 0) + (lonely ? 0.35 : 0)
            if (cost < least) {
                least = cost
                best = past
            }
        }
        return best
    }

    // Break the lines of short passages where one would pause, and where they stand `large`,
    // about equally long; after the size has been chosen.
    function balance(large) {
        for (let i = 0; i < repeater.count; ++i)
            repeater.itemAt(i).balance(large)
    }

    // Headings never hold just a word on a line, however long the whole is.
    function balanceHeadings() {
        for (let i = 0; i < repeater.count; ++i)
            if (blocks[i].kind === "heading")
                repeater.itemAt(i).balance(true)
    }

    function unbalance() {
        for (let i = 0; i < repeater.count; ++i)
            repeater.itemAt(i).unbalance()
    }

    Repeater {
        id: repeater
        model: passages.blocks

        Passage {
            required property var modelData
            required property int index
            block: modelData
            width: passages.width
            size: passages.size
            lineHeight: passages.lineHeight
            accent: passages.accent
            column: passages.columnOf(index)
            // Sizes change several times while the largest that fits is looked for: the place is
            // worked out from the passage before, not by a positioner that waits for a frame.
            readonly property Item above: index > 0 ? repeater.itemAt(index - 1) : null
            y: above ? above.y + above.implicitHeight + passages.gapAbove(index) : 0
        }
    }
}
