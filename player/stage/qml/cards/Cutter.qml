// Measures a text and cuts it into parts of so many lines, for what is higher than a page.
// No part begins with what closes or ends with what opens (避头尾), and no Latin word is torn.
import QtQuick
import "../theme"

Item {
    id: cutter

    property string family: Theme.sans
    property int weight: Font.Normal

    visible: false

    function lines(text, size, wide) {
        probe.width = Math.max(1, wide)
        probe.font.pixelSize = size
        probe.text = text
        return probe.lineCount
    }

    function cut(text, size, wide, most) {
        const parts = []
        let rest = text
        while (lines(rest, size, wide) > most) {
            let kept = 1, refused = rest.length
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
