// The time, the date and the day of the Chinese calendar.  It is told the minute, never asks for it.
import QtQuick
import "../theme"

Sheet {
    id: clock

    slims: true
    air: wide ? 0.075 : 0.055
    ready: fitted
    night: true

    readonly property int free: height - 2 * margin - (footed ? height - floor - margin : 0)
    readonly property string date: cardData.day + "　" + cardData.weekday
    readonly property var lines: [...(slim && spanOf(date) > textWidth ? [cardData.day, cardData.weekday] : [date]),
                                  cardData.lunar, cardData.term]
        .filter(line => line !== "")
        // The time comes first: lines go, the last one first, that leave it no place.
        .filter((line, n) => free - (n + 1) * 1.6 * legible - 2 * unit >= 2.2 * legible)
    // The lines as large as the widest of them allows.
    readonly property real widest: lines.reduce((most, line) => Math.max(most,
                                                metrics.advanceWidth(line)), 1) / 100
    readonly property int lineSize: Math.max(legible, Math.min(Math.round(legible * 1.8),
        Math.floor(textWidth / widest), Math.floor(free / 9)))
    readonly property bool roomy: lines.length > 0 && free > (lines.length * 1.7 + 4) * lineSize

    onLayoutDue: {
        fitTitle()
        settle()
    }

    FontMetrics { id: metrics; font { family: Theme.sans; pixelSize: 100 } }

    Item {
        x: clock.textLeft
        y: clock.ceiling + Math.round((clock.floor - clock.ceiling - height) * 0.46)
        width: clock.textWidth
        height: face.height + (clock.roomy ? rule.height + 6 * clock.unit : 0) + words.height

        Figure {
            id: face
            width: parent.width
            height: Math.min(Math.round(clock.textWidth * 0.42),
                             Math.max(clock.legible, clock.floor - clock.ceiling - words.height
                                                     - (clock.roomy ? 7 : 1) * clock.unit))
            text: clock.cardData.time
            most: clock.legible * 11
            weight: Font.Normal
            ink: clock.ink
        }

        Rectangle {
            id: rule
            visible: clock.roomy
            anchors.horizontalCenter: parent.horizontalCenter
            y: face.height + 2 * clock.unit
            width: 3 * clock.lineSize
            height: Math.max(1, Math.round(clock.unit / 3))
            color: clock.colours.glow
        }

        Column {
            id: words
            y: parent.height - height
            width: parent.width

            Repeater {
                model: clock.lines

                Text {
                    required property string modelData
                    required property int index
                    width: words.width
                    horizontalAlignment: Text.AlignHCenter
                    wrapMode: Text.Wrap
                    text: modelData
                    textFormat: Text.PlainText
                    lineHeightMode: Text.FixedHeight
                    lineHeight: Math.round(clock.lineSize * 1.6)
                    color: index === 0 ? clock.ink : clock.inkSoft
                    font { family: Theme.sans; pixelSize: clock.lineSize; features: { "tnum": 1 } }
                }
            }
        }
    }
}
