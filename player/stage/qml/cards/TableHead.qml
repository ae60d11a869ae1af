// What the columns of a table are, above each of them.
import QtQuick
import "../theme"

Item {
    id: head

    property var columns: []
    property var places: []
    property int legible: 40
    property int unit: 8
    property color ink: Theme.ink
    property color inkSoft: Theme.inkSoft
    property color accent: Theme.ink

    Repeater {
        model: head.places.length === head.columns.length ? head.columns : []

        TableCell {
            required property var modelData
            required property int index
            place: head.places[index]
            kind: modelData.kind
            height: head.height
            text: modelData.label
            color: head.inkSoft
            font.pixelSize: head.legible

            // What its figures are in the bars below.
            Rectangle {
                readonly property bool filled: parent.modelData.sign === "bar"
                visible: parent.modelData.sign !== undefined && parent.modelData.sign !== ""
                x: parent.width - Math.ceil(parent.contentWidth) - width - Math.round(head.legible * 0.25)
                y: Math.round((parent.height - height) / 2)
                width: filled ? Math.round(head.legible * 0.42) : Math.max(3, Math.round(head.legible * 0.11))
                height: Math.round(head.legible * (filled ? 0.42 : 0.8))
                color: filled ? head.accent : head.ink
            }
        }
    }

    Rectangle {
        y: head.height - height
        width: head.width
        height: Math.max(1, Math.round(head.unit / 4))
        color: head.accent
    }
}
