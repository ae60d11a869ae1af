// One figure, as large as its place allows: plain, or a digit to a tile; its unit stands beside it.
import QtQuick
import "../theme"

Item {
    id: figure

    property string text: ""
    property string unit: ""
    property bool tiled: false
    property int weight: Font.Bold
    property real most: 400  // pixels
    property color ink: Theme.ink
    property color ground: Theme.ink
    property color inkSoft: Theme.inkSoft

    readonly property var digits: tiled ? text.split("") : [text]
    readonly property real tile: 0.8
    // Widths for a size of one pixel.
    readonly property real plainSpan: plain.implicitWidth / 100
    readonly property real unitSpan: unit === "" ? 0 : own.implicitWidth / 100 * unitScale + 0.14
    readonly property real unitScale: 0.34
    readonly property real span: (tiled ? digits.length * tile + (digits.length - 1) * 0.09
                                        : plainSpan) + unitSpan
    readonly property real bodySpan: span - unitSpan
    readonly property int size: Math.floor(Math.max(8, Math.min(most, height / (tiled ? 1.2 : 1.1),
        width / Math.max(0.1, span),
        (width - own.implicitWidth / 100 * least) / Math.max(0.1, bodySpan + 0.14))))
    // The unit never goes below what is legible.
    property int least: 0
    readonly property int unitSize: unit === "" ? 0 : Math.max(least, Math.round(size * unitScale))

    component Measure: Text {
        visible: false
        textFormat: Text.PlainText
        font { family: Theme.sans; pixelSize: 100; weight: figure.weight; features: { "tnum": 1 } }
    }
    Measure { id: plain; text: figure.text }
    Measure { id: own; text: figure.unit; font.weight: Font.Bold }

    Item {
        id: strip
        width: Math.ceil(figure.bodySpan * figure.size + (figure.unit === "" ? 0
                         : own.implicitWidth / 100 * figure.unitSize + 0.14 * figure.size))
        height: Math.round(figure.size * (figure.tiled ? 1.2 : 1.1))
        anchors.centerIn: parent

        Repeater {
            model: figure.digits

            Rectangle {
                required property string modelData
                required property int index
                x: figure.tiled ? Math.round(index * (figure.tile + 0.09) * figure.size) : 0
                width: Math.round((figure.tiled ? figure.tile : figure.plainSpan) * figure.size)
                height: strip.height
                radius: Math.round(figure.size * 0.06)
                color: figure.tiled ? figure.ground : "transparent"

                Text {
                    anchors { centerIn: parent; verticalCenterOffset: -Math.round(figure.size * 0.045) }
                    text: modelData
                    textFormat: Text.PlainText
                    color: figure.ink
                    font { family: Theme.sans; pixelSize: figure.size; weight: figure.weight
                           features: { "tnum": 1 } }
                }
            }
        }

        Text {
            anchors { right: parent.right; bottom: parent.bottom
                      bottomMargin: Math.round(figure.size * (figure.tiled ? 0.02 : 0.06)) }
            text: figure.unit
            textFormat: Text.PlainText
            color: figure.inkSoft
            font { family: Theme.sans; weight: Font.Bold
                   pixelSize: Math.max(1, figure.unitSize) }
        }
    }
}
