// A QR code on paper, with its quiet zone of four modules (ISO/IEC 18004) around it.
import QtQuick
import "."

Rectangle {
    id: paper

    // The dark runs, [x, y, length] in modules; how many modules a side has; how wide all may be.
    property var runs: []
    property int side: 0
    property int most: 0
    // Every module is a whole number of pixels, or telephones read grey.
    readonly property int module: side > 0 ? Math.max(1, Math.floor(most / (side + 8))) : 1

    width: (side + 8) * module
    height: width
    color: Theme.paper

    Repeater {
        model: paper.runs

        Rectangle {
            required property var modelData

            x: (modelData[0] + 4) * paper.module
            y: (modelData[1] + 4) * paper.module
            width: modelData[2] * paper.module
            height: paper.module
            color: Theme.ink
            antialiasing: false
        }
    }
}
