// What comes next: a bar with its name, and what it is beside that or, where there is no room, below.
import QtQuick
import "../theme"

Item {
    id: coming

    // {label, text} and, if less may be said, `shorter` texts, the shortest one last; or null.
    property var told: null
    property int lines: 1
    property int legible: 40
    property int unit: 8
    property color ink: Theme.ink

    readonly property int pad: Math.round(legible * 0.4)
    readonly property bool stacked: name.contentWidth > width * 0.4

    height: stacked ? name.height + words.contentHeight + 2 * pad
                    : Math.max(name.height, words.contentHeight) + 2 * pad

    // So much is said as `lines` hold.
    function fit() {
        if (told === null)
            return
        const shorter = told.shorter || []
        const fits = text => cutter.lines(text, legible, words.width) <= lines
        words.text = [told.text, ...shorter].find(fits) || shorter[shorter.length - 1] || told.text
    }

    Cutter { id: cutter }

    Rectangle {
        anchors.fill: parent
        radius: coming.unit
        color: Theme.tint
    }

    Text {
        id: name
        x: coming.pad * 2
        y: coming.pad
        height: Math.round(coming.legible * 1.42)
        verticalAlignment: Text.AlignVCenter
        text: coming.told ? coming.told.label : ""
        textFormat: Text.PlainText
        color: coming.ink
        font { family: Theme.sans; pixelSize: coming.legible; weight: Font.Bold
               features: { "tnum": 1 } }
    }

    Text {
        id: words
        x: coming.stacked ? name.x : name.x + name.contentWidth + coming.legible
        y: coming.stacked ? name.y + name.height : coming.pad
        width: coming.width - x - 2 * coming.pad
        textFormat: Text.PlainText
        wrapMode: Text.Wrap
        lineHeightMode: Text.FixedHeight
        lineHeight: Math.round(coming.legible * 1.42)
        color: coming.ink
        font { family: Theme.sans; pixelSize: coming.legible }
    }
}
