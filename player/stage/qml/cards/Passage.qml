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

    readonly property int lineCount: block.text === "" ? (labelled ? 1 : 0) : words.lineCount
    readonly property bool heading: block.kind === "heading"
    readonly property bool labelled: block.label !== ""
    readonly property int hang: labelled
        ? Math.ceil(label.implicitWidth) + Math.round(size * (block.kind === "term" ? 0.7 : 0.45)) : 0
    // A label that takes half the line stands above its text instead of beside it.
    readonly property bool stacked: hang > width * 0.45

    implicitHeight: (lineCount + (stacked && block.text !== "" ? 1 : 0)) * lineHeight

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
        width: passage.width - x
        text: passage.block.text
        textFormat: Text.PlainText
        wrapMode: Text.Wrap
        lineHeightMode: Text.FixedHeight
        lineHeight: passage.lineHeight
        color: passage.heading ? passage.accent : Theme.ink
        font { family: passage.heading ? Theme.serif : Theme.sans; pixelSize: passage.size
               weight: passage.heading ? Font.Bold : Font.Normal }
    }
}
