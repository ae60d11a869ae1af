// An emergency, or the drill of one: what happened and what to do, as large as it goes, on one page.
// A drill never looks like the real thing: it stands on the night ground between amber bands that
// say so, and its mark lies across everything, pictures too.
import QtQuick
import "../theme"

Card {
    id: emergency

    // A picture that cannot be read leaves its place to the words.
    property bool pictureBroken: false
    property bool fitted: false
    property int titleSize: legible
    property int bodySize: legible

    readonly property bool drill: cardData.drill
    readonly property bool pictured: files.picture !== undefined && !pictureBroken
    readonly property color ground: drill ? Theme.night : colours.text
    readonly property color letters: "white"
    readonly property int bandHeight: drill ? Math.round(legible * 1.9) : Math.round(unit * 1.5)
    readonly property int margin: Math.max(2 * unit, Math.round(Math.min(width, height) * 0.055))
    readonly property int ceiling: bandHeight + margin
    readonly property int floor: height - bandHeight - Math.round(margin * 0.6)

    ready: fitted && (!pictured || picture.status === Image.Ready)

    // The largest letters with which title and body stand above the foot.  In a low zone the foot goes
    // before words would be cut, then the sign.
    property bool footed: true
    property bool signed: true
    function fit() {
        if (width <= 0 || height <= 0)
            return
        title.trim = 0
        for ([footed, signed] of [[true, true], [false, true], [false, false]])
            if ([5, 4.4, 3.8, 3.3, 2.9, 2.5, 2.2, 1.9, 1.7, 1.5, 1.3, 1.15, 1].some(fitAt))
                break
        title.balance()
        fitted = true
    }

    function fitAt(scale) {
        titleSize = Math.round(legible * scale)
        bodySize = Math.round(legible * Math.max(1, Math.min(2.4, scale * 0.56)))
        // The smallest letters may come as near to the foot as they must.
        const air = scale === 1 && footed ? 2 * unit : 0
        return title.contentHeight + body.contentHeight + words.gap <= words.room + air
            && title.contentWidth <= words.width
    }

    onLayoutDue: fit()
    onPicturedChanged: layOutSoon()

    Rectangle {
        anchors.fill: parent
        color: emergency.pictured ? "black" : emergency.ground
    }

    Image {
        id: picture
        visible: emergency.pictured
        x: 0
        y: emergency.bandHeight
        width: emergency.width
        height: emergency.height - 2 * emergency.bandHeight
        source: emergency.files.picture || ""
        sourceSize: Qt.size(width, height)
        fillMode: Image.PreserveAspectFit
        asynchronous: true
        cache: false
        onStatusChanged: if (status === Image.Error) emergency.pictureBroken = true
    }

    // The sign: an amber square on its corner, with what everybody knows in it.
    Item {
        id: sign
        visible: !emergency.pictured && emergency.signed
        x: emergency.margin
        y: emergency.ceiling
        width: Math.round(emergency.legible * 2.2)
        height: width

        Rectangle {
            anchors.centerIn: parent
            width: Math.round(parent.width * 0.7)
            height: width
            radius: Math.round(width * 0.12)
            rotation: 45
            color: emergency.colours.glow
        }

        Text {
            anchors.centerIn: parent
            text: "!"
            textFormat: Text.PlainText
            color: Theme.night
            font { family: Theme.sans; pixelSize: Math.round(emergency.legible * 1.2); weight: Font.Black }
        }
    }

    Text {
        id: label
        visible: sign.visible
        anchors.verticalCenter: sign.verticalCenter
        x: sign.x + sign.width + Math.round(emergency.margin * 0.5)
        width: emergency.width - x - emergency.margin
        text: emergency.cardData.label
        textFormat: Text.PlainText
        elide: Text.ElideRight
        color: emergency.drill ? emergency.colours.glow : emergency.letters
        font { family: Theme.sans; pixelSize: Math.round(emergency.legible * 1.4); weight: Font.Bold
               letterSpacing: Math.round(emergency.legible * 0.12) }
    }

    Item {
        id: words

        readonly property int ceiling: !emergency.signed ? emergency.ceiling
            : sign.y + sign.height + Math.round(emergency.unit * 2)
        readonly property int room: (emergency.footed ? foot.y - Math.round(emergency.unit * 2) : emergency.floor)
                                    - ceiling
        readonly property int gap: body.text === "" ? 0 : Math.round(emergency.legible * 0.7)
        readonly property int used: title.contentHeight + gap + body.contentHeight

        visible: !emergency.pictured
        x: emergency.margin
        // A little above the middle of the room that is left.
        y: ceiling + Math.max(0, Math.round((room - used) * 0.42))
        width: Math.max(emergency.legible, emergency.width - 2 * emergency.margin)
        height: used

        Headline {
            id: title
            span: words.width
            size: emergency.titleSize
            leading: 1.22
            text: emergency.cardData.title
            color: emergency.letters
            font { family: Theme.sans; weight: Font.Black }
        }

        Text {
            id: body
            y: title.contentHeight + words.gap
            width: parent.width
            text: emergency.cardData.body
            textFormat: Text.PlainText
            wrapMode: Text.Wrap
            lineHeightMode: Text.FixedHeight
            lineHeight: Math.round(emergency.bodySize * 1.4)
            color: emergency.letters
            font { family: Theme.sans; pixelSize: emergency.bodySize; weight: Font.Medium }
        }
    }

    Text {
        id: foot
        visible: !emergency.pictured && emergency.footed
        x: emergency.margin
        y: emergency.floor - height
        width: emergency.width - 2 * emergency.margin
        height: Math.round(emergency.legible * 1.4)
        text: emergency.cardData.issuer + "　" + emergency.cardData.since
        textFormat: Text.PlainText
        elide: Text.ElideRight
        verticalAlignment: Text.AlignVCenter
        color: emergency.letters
        font { family: Theme.sans; pixelSize: emergency.legible }
    }

    // How many of the words on a band, in turn, stand whole within a width.
    function wholeIn(width, spacing) {
        const said = cardData.band
        let count = 0
        for (let used = 0; ; ++count) {
            used += tape.advanceWidth(said[count % said.length]) + spacing
            if (used - spacing > width)
                return Math.max(1, count)
        }
    }

    FontMetrics {
        id: tape
        font { family: Theme.sans; pixelSize: emergency.legible; weight: Font.Bold }
    }

    // The bands: with a drill, what it is, repeated for as long as the edge is.
    Repeater {
        model: 2

        Rectangle {
            id: band
            required property int index
            y: index === 0 ? 0 : emergency.height - height
            width: emergency.width
            height: emergency.bandHeight
            color: emergency.colours.glow
            clip: true

            Row {
                visible: emergency.drill
                x: Math.round((band.width - width) / 2)
                height: parent.height
                spacing: Math.round(emergency.legible)

                Repeater {
                    model: emergency.drill ? emergency.wholeIn(emergency.width - emergency.margin, parent.spacing) : 0

                    Text {
                        required property int index
                        height: band.height
                        verticalAlignment: Text.AlignVCenter
                        text: emergency.cardData.band[index % emergency.cardData.band.length]
                        textFormat: Text.PlainText
                        color: Theme.night
                        font: tape.font
                    }
                }
            }
        }
    }

    // The mark lies across everything else; over a picture, whose colours nobody knows, it has an edge.
    Text {
        id: mark

        readonly property bool upright: emergency.height > emergency.width

        visible: emergency.drill
        anchors.centerIn: parent
        rotation: upright ? -55 : -20
        text: emergency.cardData.mark
        textFormat: Text.PlainText
        color: emergency.colours.glow
        opacity: emergency.pictured ? 0.72 : 0.34
        style: emergency.pictured ? Text.Outline : Text.Normal
        styleColor: Theme.night
        font { family: Theme.sans; weight: Font.Black
               pixelSize: Math.max(emergency.legible, Math.round(mark.upright
                   ? Math.min(emergency.height * 0.12, emergency.width * 0.24)
                   : Math.min(emergency.width * 0.155, emergency.height * 0.34))) }
    }
}
