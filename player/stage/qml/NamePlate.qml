// The screen's name, large, over whatever is shown: for whoever stands in a corridor full of screens
// and wants to know which is which.  The stage takes it away after a while.
import QtQuick
import "theme"

Item {
    id: plate

    property string screenName: ""

    Rectangle {
        id: band

        readonly property int unit: Math.max(1, Math.round(Theme.body(plate.height) / 5))

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        height: words.height + 12 * unit
        color: Theme.nightLow

        Column {
            id: words

            anchors.centerIn: parent
            width: Math.round(parent.width * 0.92)
            spacing: 2 * band.unit

            Text {
                width: parent.width
                text: plate.screenName
                color: Theme.moon
                horizontalAlignment: Text.AlignHCenter
                textFormat: Text.PlainText
                wrapMode: Text.Wrap
                maximumLineCount: 2
                elide: Text.ElideRight
                font.family: Theme.serif
                font.weight: Font.Bold
                font.pixelSize: Math.max(6, Math.min(3 * Theme.body(plate.height),
                                                     Math.floor(plate.width / 9)))
            }
        }
    }
}
