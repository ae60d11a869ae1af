// Measures a text and cuts it into parts of so many lines, for what is higher than a page.
// No part begins with what closes or ends with what opens (避头尾), and no Latin word is torn.
import QtQuick
import "../theme"

Item {
    id: cutter

    property string family: Theme.sans
    property int weight: Font.Normal

    visible: false

    property var last: ({ asked: "", found: [] })

    // How many lines a text takes, by size and width, then by the text: rows are set more than once
    // until a size is found, and shaping is dear.
    property var known: ({})

    function lines(text, size, wide) {
        const place = size * 8192 + wide
        const found = known[place] || (known[place] = new Map())
        let count = found.get(text)
        if (count === undefined) {
            probe.width = Math.max(1, wide)
            probe.font.pixelSize = size
            probe.text = text
            found.set(text, count = probe.lineCount)
        }
        return count
    }

    function cut(text, size, wide, most) {
        if (lines(text, size, wide) <= most)
            return [text]
        const parts = []
        let rest = text, begins = beginnings(rest, size, wide), line = 0
        while (begins.length - line > most) {
            let kept = begins[line + most] - begins[line]
            if (lines(rest.slice(0, kept), size, wide) > most)
                kept = searched(rest, size, wide, most)
            const end = ended(rest, kept)
            parts.push(rest.slice(0, end).trim())
            const after = rest.slice(end), trimmed = after.trim()
            if (begins[line] + end === begins[line + most] && trimmed === after) {
                line += most // the lines of the rest are those that were
            } else {
                begins = beginnings(trimmed, size, wide)
                line = 0
            }
            rest = trimmed
        }
        return [...parts, rest]
    }

    // At which letter each line begins, as an editor of the same text tells it: a `Text` does not.
    // The last answer is kept: a text is cut again with fewer lines until its parts are even.
    function beginnings(text, size, wide) {
        const asked = size + " " + wide + " " + text
        if (last.asked === asked)
            return last.found
        teller.active = true
        const told = teller.item, found = []
        told.width = Math.max(1, wide)
        told.font.pixelSize = size
        told.text = text
        for (let y = 0; found.length < told.lineCount;) {
            const at = told.positionAt(0, y + 1)
            found.push(at)
            y = Math.max(y + 1, told.positionToRectangle(at).bottom)
        }
        last = { asked, found }
        return found
    }

    // How many letters fit into `most` lines, by trying: where the two do not agree.
    function searched(text, size, wide, most) {
        let kept = 1, refused = text.length
        while (refused - kept > 1) {
            const middle = (kept + refused) >> 1
            if (lines(text.slice(0, middle), size, wide) <= most)
                kept = middle
            else
                refused = middle
        }
        return kept
    }

    // Where a part that has room for `most` letters ends.
    function ended(text, most) {
        const apart = at => !/^[\u2060\s，。；：、！？）》」』】%…—\udc00-\udfff]/.test(text.slice(at))
            && !/[\u2060（《「『【0-9]$/.test(text.slice(0, at))
            && !/[0-9A-Za-z.,'][0-9A-Za-z.,']/.test(text.slice(at - 1, at + 1))
        for (let at = most; at > most / 2; --at)
            if (apart(at))
                return at
        return most
    }

    Loader {
        id: teller
        active: false
        sourceComponent: TextEdit {
            textFormat: TextEdit.PlainText
            wrapMode: TextEdit.Wrap
            font { family: cutter.family; weight: cutter.weight; features: { "tnum": 1 } }
        }
    }

    Text {
        id: probe
        textFormat: Text.PlainText
        wrapMode: Text.Wrap
        font { family: cutter.family; weight: cutter.weight; features: { "tnum": 1 } }
    }
}
