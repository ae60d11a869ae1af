// What the screen shows when there is nothing valid to show: its name, the time, one calm line.
// Nothing moves by itself: the stage sets the properties of `player/stage/slate.py` once a minute,
// and the face stands a little elsewhere each time, so that no pixel is lit for ever.
import QtQuick
import "theme"

Item {
    id: slate

    property string screenName: ""
    property string time: ""
    property string date: ""
    property string line: ""
    property string secondLine: ""
    property real driftX: 0.5
    property real driftY: 0.5

    readonly property int legible: Math.max(6, Math.min(Theme.body(height), Math.floor(width / 14)))
    readonly property int unit: Math.max(1, Math.round(legible / 5))

    Rectangle {
        anchors.fill: parent
        gradient: Gradient {
            GradientStop { position: 0; color: Theme.nightHigh }
            GradientStop { position: 1; color: Theme.nightLow }
        }
    }

    Column {
        id: face

        width: Math.round(parent.width * 0.88)
        // A hundredth and a half of the width to either side: enough against burn-in, and nobody
        // takes it for a mistake.
        x: Math.round((slate.width - width) / 2 + slate.width * 0.03 * (slate.driftX - 0.5))
        y: Math.round((slate.height - height) * (0.42 + 0.16 * slate.driftY))

        ScreenWall {
            anchors.horizontalCenter: parent.horizontalCenter
            height: 14 * slate.unit
            visible: slate.height > 18 * slate.legible
        }
        Spacer { height: 5 * slate.unit }
        Words { text: slate.screenName; size: 1.15; serif: true; color: Theme.moonSoft }
        Words { text: slate.time; size: 5.2; color: Theme.moon }
        Words { text: slate.date; size: 1; color: Theme.moonSoft }
        Spacer { height: 6 * slate.unit }
        Rectangle {
            anchors.horizontalCenter: parent.horizontalCenter
            width: 12 * slate.unit
            height: Math.max(1, Math.round(slate.unit / 4))
            color: Theme.families.service.glow
        }
        Spacer { height: 5 * slate.unit }
        Words { text: slate.line; size: 1; color: Theme.moon }
        Words { text: slate.secondLine; size: 1; color: Theme.moonSoft }
    }

    component Spacer: Item { width: 1 }

    component Words: Text {
        property real size: 1
        property bool serif: false

        visible: text !== ""
        width: face.width
        horizontalAlignment: Text.AlignHCenter
        textFormat: Text.PlainText
        wrapMode: Text.Wrap
        maximumLineCount: 2
        elide: Text.ElideRight
        font {
            family: serif ? Theme.serif : Theme.sans
            pixelSize: Math.round(slate.legible * size)
            weight: serif ? Font.Bold : Font.Normal
        }
    }

    // 影壁: a wall with a lozenge at its heart and one in each corner.
    component ScreenWall: Item {
        id: wall

        readonly property int line: Math.max(1, Math.round(height / 36))

        width: Math.round(height * 1.5)
        clip: true

        Repeater {
            model: [[0, 0], [1, 0], [0, 1], [1, 1], [0.5, 0.5]]

            Rectangle {
                required property var modelData
                readonly property bool heart: modelData[0] === 0.5

                width: Math.round(wall.height * (heart ? 0.46 : 0.36))
                height: width
                x: Math.round(wall.width * modelData[0] - width / 2)
                y: Math.round(wall.height * modelData[1] - height / 2)
                rotation: 45
                antialiasing: true
                color: heart ? Theme.families.service.glow : "transparent"
                border { width: heart ? 0 : wall.line; color: Theme.moonSoft }
            }
        }
        Rectangle {
            anchors.fill: parent
            color: "transparent"
            border { width: wall.line; color: Theme.moonSoft }
        }
    }
}
