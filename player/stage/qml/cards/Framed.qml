// A picture in a frame; one that is missing or cannot be read leaves a quiet ground and a letter.
import QtQuick
import "../theme"

Rectangle {
    id: framed

    property url source: ""
    property string letter: ""
    property color ink: Theme.ink
    property alias fill: image.fillMode
    // There is nothing more to wait for.
    readonly property bool settled: source.toString() === "" || image.status === Image.Ready
                                    || image.status === Image.Error

    property alias status: image.status

    color: Theme.hairline
    clip: true

    Text {
        visible: image.status !== Image.Ready
        anchors.centerIn: parent
        text: framed.letter
        textFormat: Text.PlainText
        color: framed.ink
        font { family: Theme.serif; weight: Font.Bold
               pixelSize: Math.max(1, Math.round(Math.min(framed.width, framed.height) * 0.5)) }
    }

    Image {
        id: image
        anchors.fill: parent
        source: framed.source
        sourceSize: Qt.size(Math.max(1, width), Math.max(1, height))
        fillMode: Image.PreserveAspectCrop
        asynchronous: true
        cache: false
    }
}
