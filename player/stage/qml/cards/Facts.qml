// A few facts, each a name and what it is: side by side where there is room; else one under another,
// with what they are at the right; and where that does not fit on a line, hanging beside the names.
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
    readonly property int between: valueLine - nameLine
    readonly property real widest: model.reduce((most, fact) => Math.max(most,
        1.2 * spanOf(fact.value), spanOf(fact.name)), 0)
    readonly property bool abreast: model.length * (widest + 1.2 * legible) <= width
    readonly property bool hung: !abreast && model.some(fact =>
        spanOf(fact.value) + spanOf(fact.name) + legible > width)
    readonly property int hang: Math.ceil(model.reduce((most, fact) =>
        Math.max(most, spanOf(fact.name)), 0)) + Math.round(legible * 0.8)

    // One under another and centred, they stand no farther apart than they must.
    readonly property int column: abreast || hung || !centred ? width : Math.min(width, Math.ceil(
        model.reduce((most, fact) => Math.max(most, spanOf(fact.name) + spanOf(fact.value)), 0)
        + 4 * legible))

    // Is there room for anything beside the names?
    readonly property bool legibly: !hung || width - hang >= 4 * legible

    implicitHeight: heightOf(kept)

    function spanOf(text) { return ruler.advanceWidth(text) / 100 * legible }

    // How high so many of them are, set as they are now.
    function heightOf(count) {
        if (count === 0 || abreast)
            return count === 0 ? 0 : nameLine + valueLine
        let high = 0
        for (let n = 0; n < Math.min(count, repeater.count); ++n)
            high += repeater.itemAt(n).height
        return high
    }

    FontMetrics { id: ruler; font { family: Theme.sans; pixelSize: 100; weight: Font.Bold } }

    Repeater {
        id: repeater
        model: facts.model

        Item {
            id: fact
            required property var modelData
            required property int index
            readonly property Item above: index > 0 ? repeater.itemAt(index - 1) : null
            readonly property color tone: modelData.strong ? facts.accent : facts.ink

            visible: index < facts.kept
            x: facts.abreast ? Math.round(index * facts.width / Math.max(1, facts.kept))
                             : Math.round((facts.width - facts.column) / 2)
            y: !facts.abreast && above ? above.y + above.height : 0
            width: facts.abreast ? Math.round(facts.width / Math.max(1, facts.kept)) : facts.column
            height: facts.abreast ? facts.nameLine + facts.valueLine
                                  : value.lineCount * facts.nameLine + facts.between

            Text {
                width: parent.width
                height: facts.abreast ? facts.nameLine : facts.valueLine
                horizontalAlignment: facts.abreast && facts.centred ? Text.AlignHCenter : Text.AlignLeft
                verticalAlignment: Text.AlignVCenter
                text: fact.modelData.name
                textFormat: Text.PlainText
                color: facts.inkSoft
                font { family: Theme.sans; pixelSize: facts.legible }
            }

            Text {
                id: value
                x: facts.hung ? facts.hang : 0
                y: facts.abreast ? facts.nameLine : Math.round(facts.between / 2)
                width: parent.width - x
                height: facts.abreast ? facts.valueLine : parent.height - facts.between
                horizontalAlignment: facts.hung ? Text.AlignLeft
                                   : !facts.abreast ? Text.AlignRight
                                   : facts.centred ? Text.AlignHCenter : Text.AlignLeft
                verticalAlignment: Text.AlignVCenter
                wrapMode: facts.hung ? Text.Wrap : Text.NoWrap
                lineHeightMode: facts.hung ? Text.FixedHeight : Text.ProportionalHeight
                lineHeight: facts.hung ? facts.nameLine : 1
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
