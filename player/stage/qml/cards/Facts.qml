// A few facts, each a name and what it is: side by side where there is room, else one under another.
import QtQuick
import "../theme"

Item {
    id: facts

    property var model: []
    // So many of them are shown.
    property int kept: model.length
    property int legible: 40
    property bool centred: false
    property color ink: Theme.ink
    property color inkSoft: Theme.inkSoft
    property color accent: Theme.ink

    readonly property int nameLine: Math.round(legible * 1.4)
    readonly property int valueLine: Math.round(legible * 1.75)
    readonly property real widest: legible / 100 * model.reduce((most, fact) => Math.max(most,
        1.2 * ruler.advanceWidth(fact.value), ruler.advanceWidth(fact.name)), 0)
    readonly property bool abreast: model.length * (widest + 1.2 * legible) <= width

    // Is there room for each name beside its value?
    readonly property bool legibly: abreast || model.every(fact => legible / 100
        * (ruler.advanceWidth(fact.value) + ruler.advanceWidth(fact.name)) + legible / 2 <= width)

    implicitHeight: heightOf(kept)

    // How high so many of them are, set as they are now.
    function heightOf(count) {
        return count === 0 ? 0 : abreast ? nameLine + valueLine : count * Math.round(legible * 1.75)
    }

    FontMetrics { id: ruler; font { family: Theme.sans; pixelSize: 100; weight: Font.Bold } }

    Repeater {
        model: facts.model.slice(0, facts.kept)

        Item {
            id: fact
            required property var modelData
            required property int index
            readonly property color tone: modelData.strong ? facts.accent : facts.ink

            x: facts.abreast ? Math.round(index * facts.width / Math.max(1, facts.kept)) : 0
            y: facts.abreast ? 0 : index * Math.round(facts.legible * 1.75)
            width: facts.abreast ? Math.round(facts.width / Math.max(1, facts.kept)) : facts.width
            height: facts.abreast ? facts.implicitHeight : Math.round(facts.legible * 1.75)

            Text {
                width: parent.width
                height: facts.abreast ? facts.nameLine : parent.height
                horizontalAlignment: facts.abreast && facts.centred ? Text.AlignHCenter : Text.AlignLeft
                verticalAlignment: Text.AlignVCenter
                text: fact.modelData.name
                textFormat: Text.PlainText
                color: facts.inkSoft
                font { family: Theme.sans; pixelSize: facts.legible }
            }

            Text {
                y: facts.abreast ? facts.nameLine : 0
                width: parent.width
                height: facts.abreast ? facts.valueLine : parent.height
                horizontalAlignment: !facts.abreast ? Text.AlignRight
                                   : facts.centred ? Text.AlignHCenter : Text.AlignLeft
                verticalAlignment: Text.AlignVCenter
                text: fact.modelData.value
                textFormat: Text.PlainText
                color: fact.tone
                font { family: Theme.sans; weight: fact.modelData.strong ? Font.Bold : Font.Medium
                       pixelSize: facts.abreast ? Math.round(facts.legible * 1.2) : facts.legible
                       features: { "tnum": 1 } }
            }
        }
    }
}
