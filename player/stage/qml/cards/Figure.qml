// One figure, as large as its place allows: plain, or a digit to a tile; its unit stands beside it.
import QtQuick
import "../theme"

Item {
    id: figure

    property string text: ""
    property string unit: ""
    property bool tiled: false
    property real most: 400  // pixels
    property color ink: Theme.ink
    property color ground: Theme.ink
    property color inkSoft: Theme.inkSoft

    readonly property var digits: tiled ? text.split("") : [text]
    readonly property real tile: 0.8
    // Widths for a size of one pixel.
    readonly property real plainSpan: metrics.advanceWidth(text) / 100
    readonly property real unitSpan: unit === "" ? 0
        : metrics.advanceWidth(unit) / 100 * unitScale + 0.18
    readonly property real unitScale: 0.34
    readonly property real span: (tiled ? digits.length * tile + (digits.length - 1) * 0.09
                                        : plainSpan) + unitSpan
    readonly property int size: Math.floor(Math.max(8, Math.min(most, height / (tiled ? 1.2 : 1.1),
                                                                width / Math.max(0.1, span))))

    FontMetrics {
        id: metrics
        font { family: Theme.sans; pixelSize: 100; weight: Font.Bold; features: { "tnum": 1 } }
    }

    Item {
        id: strip
        width: Math.ceil(figure.span * figure.size)
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
                    anchors.centerIn: parent
                    text: modelData
                    textFormat: Text.PlainText
                    color: figure.ink
                    font { family: Theme.sans; pixelSize: figure.size; weight: Font.Bold
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
                   pixelSize: Math.round(figure.size * figure.unitScale) }
        }
    }
}
