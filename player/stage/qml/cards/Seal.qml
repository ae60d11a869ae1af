// The name of a card's kind, cut like a seal: upright for two or four Chinese characters, a plain
// tag for words.
import QtQuick
import "../theme"

Rectangle {
    id: seal

    property string label: ""
    property int size: 40
    property bool upright: true

    readonly property bool stacked: upright && label.length <= 4 && /^[㐀-鿿]+$/.test(label)
    readonly property int pad: Math.round(size * 0.36)
    // How high it must be, and how high it shall be: what is over stands between its characters.
    readonly property int least: stacked ? Math.round(size * (1.16 * label.length + 0.64))
                                         : Math.round(size * 1.56)
    property int reach: 0
    readonly property int spread: Math.max(0, reach - least) / (label.length + 1)

    implicitWidth: stacked ? Math.round(size * 1.72) : Math.ceil(words.implicitWidth) + 2 * pad
    implicitHeight: Math.max(least, reach)

    Text {
        id: words
        visible: !seal.stacked
        anchors.centerIn: parent
        text: seal.label
        textFormat: Text.PlainText
        color: "white"
        font { family: Theme.serif; pixelSize: seal.size; weight: Font.Bold
               letterSpacing: Math.round(seal.size * 0.06) }
    }

    Repeater {
        model: seal.stacked ? seal.label.split("") : []

        Text {
            required property string modelData
            required property int index
            width: seal.width
            height: Math.round(seal.size * 1.16)
            y: Math.round(seal.size * 0.32) + index * (height + seal.spread) + seal.spread
            horizontalAlignment: Text.AlignHCenter
            verticalAlignment: Text.AlignVCenter
            text: modelData
            textFormat: Text.PlainText
            color: "white"
            font { family: Theme.serif; pixelSize: seal.size; weight: Font.Bold }
        }
    }
}
