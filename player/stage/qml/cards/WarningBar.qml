// 预警: a bar in the colour of the warning, which its words name, too.
import QtQuick
import "../theme"

Rectangle {
    id: bar

    // {tone, text} or null.
    property var told: null
    property int legible: 40
    property int unit: 8

    readonly property var look: Theme.warnings[told ? told.tone : ""] || Theme.warnings[""]
    readonly property int pad: Math.round(legible * 0.34)

    height: words.contentHeight + 2 * pad
    radius: unit / 2
    color: look.ground

    // The words a little larger where they fit on one line.
    function fit() {
        for (const scale of [1.35, 1.15, 1]) {
            words.font.pixelSize = Math.round(legible * scale)
            if (words.lineCount === 1)
                return
        }
    }

    Text {
        id: words
        x: 2 * bar.pad
        y: bar.pad
        width: bar.width - 2 * x
        text: bar.told ? bar.told.text : ""
        textFormat: Text.PlainText
        wrapMode: Text.Wrap
        lineHeightMode: Text.FixedHeight
        lineHeight: Math.round(font.pixelSize * 1.36)
        color: bar.look.ink
        font { family: Theme.sans; weight: Font.Bold; features: { "tnum": 1 } }
    }
}
