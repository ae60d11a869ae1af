// 预警: a bar in the colour of the warning, which its words name, too.
import QtQuick
import "../theme"

Rectangle {
    id: bar

    // {tone, text, shorter} or null: `shorter` is what stands there where there is no room for all.
    property var told: null
    property int legible: 40
    property int unit: 8

    readonly property var look: Theme.warnings[told ? told.tone : ""] || Theme.warnings[""]
    readonly property int pad: Math.round(legible * 0.34)

    // Of what was chosen: while sizes are tried, nothing below is set anew.
    property int high: 0
    readonly property int tried: words.contentHeight + 2 * pad
    height: high
    radius: unit / 2
    color: look.ground

    // A little larger where that fits on one line, in at most `room` pixels.
    function fit(room) {
        choose(room)
        high = tried
        words.balance()
    }

    function choose(room) {
        words.trim = 0
        for (const text of [told ? told.text : "", told ? told.shorter : ""]) {
            words.text = text
            for (const scale of [1.35, 1.15, 1]) {
                words.size = Math.round(legible * scale)
                if (words.lineCount === 1 && tried <= room)
                    break
            }
            if (tried <= room)
                return
        }
        // What is too high anyway says at least all that a line holds.
        words.text = told ? told.text : ""
        if (words.lineCount > 1)
            words.text = told.shorter
    }

    Headline {
        id: words
        x: 2 * bar.pad
        y: bar.pad + sink
        span: bar.width - 2 * x
        leading: 1.36
        color: bar.look.ink
        font { family: Theme.sans; features: { "tnum": 1 } }
    }
}
