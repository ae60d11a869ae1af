// Measures a text and cuts it into parts of so many lines, for what is higher than a page.
// No part begins with what closes or ends with what opens (避头尾), and no Latin word is torn.
import QtQuick
import "../theme"

Item {
    id: cutter

    property string family: Theme.sans
    property int weight: Font.Normal

    visible: false

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
        const parts = []
        let rest = text, total = 0
        while ((total = lines(rest, size, wide)) > most) {
            let [kept, refused] = around(rest, size, wide, most, total)
            while (refused - kept > 1) {
                const middle = (kept + refused) >> 1
                if (lines(rest.slice(0, middle), size, wide) <= most)
                    kept = middle
                else
                    refused = middle
            }
            kept = ended(rest, kept)
            parts.push(rest.slice(0, kept).trim())
            rest = rest.slice(kept).trim()
        }
        return [...parts, rest]
    }

    // How many letters of a text of `total` lines fit into `most`, and how many do not: looked for near
    // where its lines, about equally long, let it be, a line at a time.
    function around(text, size, wide, most, total) {
        const step = Math.ceil(text.length / total)
        let kept = 1, refused = text.length, fitted = null
        for (let at = Math.floor(text.length * most / total); at > kept && at < refused;) {
            const fits = lines(text.slice(0, at), size, wide) <= most
            if (fits)
                kept = at
            else
                refused = at
            if (fitted !== null && fits !== fitted)
                break
            fitted = fits
            at += fits ? step : -step
        }
        return [kept, refused]
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

    Text {
        id: probe
        textFormat: Text.PlainText
        wrapMode: Text.Wrap
        font { family: cutter.family; weight: cutter.weight; features: { "tnum": 1 } }
    }
}
