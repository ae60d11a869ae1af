// One cell of a table, or the label above a column: in its place, on the side that suits its kind.
import QtQuick
import "../theme"

Text {
    // {x, width}: see `TableColumns`.
    property var place: ({ x: 0, width: -1 })
    property string kind: "text"

    visible: place.width >= 0 && kind !== "picture"
    x: place.x
    width: Math.max(1, place.width)
    textFormat: Text.PlainText
    wrapMode: Text.Wrap
    verticalAlignment: Text.AlignVCenter
    horizontalAlignment: kind === "number" ? Text.AlignRight
                       : kind === "place" || kind === "move" ? Text.AlignHCenter : Text.AlignLeft
    lineHeightMode: Text.FixedHeight
    lineHeight: Math.round(font.pixelSize * 1.42)
    font { family: Theme.sans; features: { "tnum": 1 } }
}
