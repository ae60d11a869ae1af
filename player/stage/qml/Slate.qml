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
    property string code: ""
    property string address: ""
    // The dark runs of the QR code, row by row: where each begins, its row, its length, in modules.
    property var qr: []
    property int qrSide: 0
    property string fingerprint: ""
    property string box: ""

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

        visible: slate.code === ""
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

    // While the box waits to be paired: what to type, where, and the same for a telephone.  The
    // digits are read at eight metres, the QR code from two, standing before the screen.
    Item {
        id: pairing

        readonly property bool wide: slate.width > slate.height
        readonly property int side: Math.round(wide ? Math.min(slate.height * 0.46, slate.width * 0.3)
                                                    : slate.width * 0.5)

        visible: slate.code !== ""
        anchors.fill: parent

        Grid {
            columns: pairing.wide ? 2 : 1
            columnSpacing: 16 * slate.unit
            rowSpacing: 8 * slate.unit
            verticalItemAlignment: Grid.AlignVCenter
            horizontalItemAlignment: Grid.AlignHCenter
            x: Math.round((slate.width - width) / 2 + slate.width * 0.02 * (slate.driftX - 0.5))
            y: Math.round((slate.height - height) * (0.42 + 0.06 * slate.driftY))

            Column {
                id: words

                width: Math.round(pairing.wide ? slate.width * 0.52 : slate.width * 0.88)

                ScreenWall {
                    x: pairing.wide ? 0 : Math.round((words.width - width) / 2)
                    height: 9 * slate.unit
                }
                Spacer { height: 7 * slate.unit }
                Said { text: slate.screenName; size: 1.15; serif: true; color: Theme.moonSoft }
                Said { text: slate.code; size: 5.4; color: Theme.moon; figures: true }
                Spacer { height: 4 * slate.unit }
                Rectangle {
                    x: pairing.wide ? 0 : Math.round((words.width - width) / 2)
                    width: 12 * slate.unit
                    height: Math.max(1, Math.round(slate.unit / 4))
                    color: Theme.families.service.glow
                }
                Spacer { height: 4 * slate.unit }
                Said { text: slate.line; size: 1; color: Theme.moon }
                Said { text: slate.secondLine; size: 1; color: Theme.moonSoft }
                Spacer { height: slate.unit }
                Said { text: slate.address; size: 1.15; color: Theme.families.service.glow }
            }
            QrCode {
                runs: slate.qr
                side: slate.qrSide
                most: pairing.side
            }
        }
    }

    // What a person compares when the box is paired, and which box this is.
    Column {
        visible: (slate.code !== "" || slate.line !== "") && (foot.text !== "" || seal.text !== "")
        anchors { bottom: parent.bottom; bottomMargin: 4 * slate.unit }
        width: parent.width

        Words {
            id: seal

            width: slate.width
            text: slate.fingerprint
            size: 0.62
            color: Theme.moonSoft
        }
        Words {
            id: foot

            width: slate.width
            text: slate.box
            size: 0.62
            color: Theme.moonSoft
        }
    }

    component Spacer: Item { width: 1 }

    component Said: Words {
        property bool figures: false

        width: words.width
        horizontalAlignment: pairing.wide ? Text.AlignLeft : Text.AlignHCenter
        // On a tall screen the width is what there is little of: seven figures fill it.
        font.pixelSize: figures ? Math.round(Math.min(slate.legible * size, words.width / 4.2))
                                : Math.round(slate.legible * size * (pairing.wide ? 1 : 0.75))
        font.features: figures ? { "tnum": 1 } : {}
    }

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
        font.family: serif ? Theme.serif : Theme.sans
        font.pixelSize: Math.round(slate.legible * size)
        font.weight: serif ? Font.Bold : Font.Normal
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
