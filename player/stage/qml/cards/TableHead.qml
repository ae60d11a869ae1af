// What the columns of a table are, above each of them.
import QtQuick
import "../theme"

Item {
    id: head

    property var columns: []
    property var places: []
    property int legible: 40
    property int unit: 8
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
        }
    }

    Rectangle {
        y: head.height - height
        width: head.width
        height: Math.max(1, Math.round(head.unit / 4))
        color: head.accent
    }
}
