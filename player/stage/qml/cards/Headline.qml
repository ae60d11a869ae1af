// A headline whose lines are about equally long, in the largest size that was asked for and fits.
import QtQuick
import "../theme"

Text {
    id: headline

    // The width it may take, in pixels.
    property int span: 0
    property int size: 40
    property real leading: 1.32
    property int trim: 0
    // How far under the middle of its line Noto CJK sets a letter, in pixels: 0.78 em from the top.
    readonly property int sink: Math.round(size * (0.78 - leading / 2))

    // Trimmed for its breaks, a centred one still stands in the middle.
    transform: Translate {
        x: headline.horizontalAlignment === Text.AlignHCenter ? Math.round(headline.trim / 2) : 0
        y: -headline.sink
    }

    width: Math.max(1, span - trim)
    // Its lines, and nothing for the tail of the last one.
    height: text === "" ? 0 : lineCount * lineHeight
    textFormat: Text.PlainText
    wrapMode: Text.Wrap
    lineHeightMode: Text.FixedHeight
    lineHeight: Math.round(size * leading)
    color: Theme.ink
    font { family: Theme.serif; pixelSize: headline.size; weight: Font.Bold }

    // Take the first of `choices`, pairs of a size and the lines that it may have, that holds in
    // `room` pixels of height; the last one if none does.
    function fit(choices, room = Infinity) {
        choose(choices, room)
        balance()
    }

    // The same before its lines are balanced: of as many lines and as high.
    function choose(choices, room = Infinity) {
        trim = 0
        for (const [pixels, lines] of choices) {
            size = pixels
            if (lineCount <= lines && lineCount * lineHeight <= room && contentWidth <= span)
                break
        }
    }

    // As `Passage.balance`: never more lines, but none that holds just a word.
    function balance() {
        const lines = lineCount
        let kept = 0, refused = lines > 1 ? Math.round(span / 2) : 0
        while (refused - kept > 2) {
            trim = Math.round((kept + refused) / 2)
            if (lineCount > lines)
                refused = trim
            else
                kept = trim
        }
        trim = kept
    }
}
