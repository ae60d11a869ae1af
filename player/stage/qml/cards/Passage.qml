// One paragraph of a card: a heading, plain text, or text hanging from a bullet, number or label.
// Lines are all `lineHeight` high, so that whoever holds it can cut pages between lines.
import QtQuick
import "../theme"

Item {
    id: passage

    property var block: ({ "kind": "text", "label": "", "text": "" })
    property int size: 40
    property int lineHeight: 64
    property color accent: Theme.ink

    // How much narrower than its place the text is set, in pixels, and whether its lines break at
    // pauses only; see `balance`.
    property int trim: 0
    property bool phrased: false

    readonly property int lineCount: block.text === "" ? (labelled ? 1 : 0) : words.lineCount
    readonly property bool heading: block.kind === "heading"
    readonly property bool labelled: block.label !== ""
    // How far its text hangs, at least: that of terms which follow one another, alike.
    property int column: 0
    readonly property int hang: !labelled ? 0 : Math.max(column,
        Math.ceil(label.implicitWidth) + Math.round(size * gapOf(block)))
    // A label that takes half the line stands above its text instead of beside it.
    readonly property bool stacked: hang > width * 0.45

    implicitHeight: (lineCount + (stacked && block.text !== "" ? 1 : 0)) * lineHeight

    // Make the breaks of a short text better, never more: first at pauses, else, where the text
    // stands `large`, so that its lines are about equally long and none holds just a word.
    function balance(large) {
        unbalance()
        const lines = words.lineCount
        if (lines < 2 || lines > 3)
            return
        phrased = block.longest > 0 && block.longest * size <= words.width
        if (phrased && words.lineCount <= lines || !large)
            return phrased = phrased && words.lineCount <= lines
        phrased = false
        let kept = 0, refused = Math.round(width / 2)
        while (refused - kept > 2) {
            trim = Math.round((kept + refused) / 2)
            if (words.lineCount > lines)
                refused = trim
            else
                kept = trim
        }
        trim = kept
    }

    // Between a label and its text, in sizes; a full-width colon brings half of one itself.
    function gapOf(block) {
        return block.kind !== "term" ? 0.45 : block.label.endsWith("：") ? 0.25 : 0.7
    }

    function unbalance() {
        trim = 0
        phrased = false
    }

    Text {
        id: label
        visible: passage.labelled
        text: passage.block.label
        textFormat: Text.PlainText
        lineHeightMode: Text.FixedHeight
        lineHeight: passage.lineHeight
        color: passage.accent
        font { family: Theme.sans; pixelSize: passage.size
               weight: passage.block.kind === "term" ? Font.Bold : Font.Normal }
    }

    Text {
        id: words
        x: passage.stacked ? 0 : passage.hang
        y: passage.stacked ? passage.lineHeight : 0
        width: passage.width - x - passage.trim
        text: passage.phrased ? passage.block.phrases : passage.block.text
        textFormat: Text.PlainText
        wrapMode: Text.Wrap
        lineHeightMode: Text.FixedHeight
        lineHeight: passage.lineHeight
        color: passage.heading ? passage.accent : passage.block.kind === "origin" ? Theme.inkSoft
                                                                             : Theme.ink
        font { family: passage.heading ? Theme.serif : Theme.sans; pixelSize: passage.size
               weight: passage.heading ? Font.Bold : Font.Normal }
    }
}
