// One row of a table as it is drawn: a heading over the whole width, or cells, the first three places
// on a tile, a picture, a note beside its cell or under it.
import QtQuick
import "../theme"

Item {
    id: line

    // {cells, note, heading, strong, lit, bar}, the columns and their places.
    property var row: ({ cells: [], note: "", heading: false, strong: false })
    property var columns: []
    property var places: []
    property int size: 40
    property int legible: 40
    property int unit: 8
    property var files: ({})
    // How high a picture is of its width; whether a tile stands where there is none.
    property real pictureShape: 2 / 3
    property bool tiled: true
    // What the bar below takes, with its air.
    property int barHeight: 0
    // If a note goes on below the other cells: how many lines these have, how high it is.
    property var laid: null
    readonly property int below: laid === null ? 0 : laid.below
    readonly property int room: height - barHeight - below
    // Does a note stand on the line of its cell?
    property var noteBeside: (text, note, size, width) => false
    property color ink: Theme.ink
    property color inkSoft: Theme.inkSoft
    property color accent: Theme.ink
    property color hairline: Theme.hairline
    property color ground: Theme.paper

    // A picture is waited for, or is not any more.
    signal waits(int change)
    signal unreadable(string name)

    readonly property bool lit: line.row.lit === true

    Rectangle {
        visible: line.lit
        x: -Math.round(line.size * 0.45)
        width: line.width - 2 * x
        height: line.height
        radius: line.unit / 2
        color: line.accent
    }

    Text {
        visible: line.row.heading
        height: line.height - Math.round(line.size * 0.2)
        width: line.width
        verticalAlignment: Text.AlignBottom
        text: line.row.cells[0]
        textFormat: Text.PlainText
        wrapMode: Text.Wrap
        lineHeightMode: Text.FixedHeight
        lineHeight: Math.round(line.size * 1.42)
        color: line.accent
        font { family: Theme.serif; pixelSize: line.size; weight: Font.Bold }
    }

    Repeater {
        model: line.row.heading ? [] : line.columns

        Item {
            id: cell
            required property var modelData
            required property int index
            readonly property string said: line.row.cells[index]
            readonly property bool crowned: modelData.kind === "place" && /^[123]$/.test(said)
            readonly property bool main: modelData.main
            readonly property bool named: line.row.strong && modelData.kind === "grow"

            Rectangle {
                visible: cell.crowned
                x: words.x + Math.round((words.width - width) / 2)
                y: Math.round((line.room - height) / 2)
                width: Math.min(Math.round(line.size * 1.5), line.room - 2 * line.unit)
                height: width
                radius: Math.round(width * 0.16)
                color: line.accent
            }

            Loader {
                active: cell.modelData.kind === "picture" && words.place.width >= 0
                    && (line.tiled || picture !== "")
                readonly property string picture: line.files[cell.said] || ""
                x: words.x
                y: Math.round((line.room - height) / 2)
                width: words.width
                height: Math.min(line.room - line.unit, Math.round(width * line.pictureShape))

                sourceComponent: Framed {
                    property bool counted: false
                    function count() {
                        if (counted === settled) {
                            counted = !settled
                            line.waits(settled ? -1 : 1)
                        }
                    }
                    onSettledChanged: {
                        if (status === Image.Error)
                            line.unreadable(cell.said)
                        count()
                    }
                    Component.onCompleted: count()
                    Component.onDestruction: if (counted) line.waits(-1)
                    visible: line.tiled || status !== Image.Error
                    source: picture
                    letter: line.row.cells[1].charAt(0)
                }
            }

            TableCell {
                id: words
                place: line.places[cell.index] || { x: 0, width: -1 }
                kind: cell.modelData.kind
                y: under ? Math.round((line.room - height - note.height) / 2) : 0
                height: under ? lineCount * lineHeight : line.room
                readonly property bool under: noted && !besides && line.below === 0
                readonly property bool noted: kind === "grow" && line.row.note !== ""
                readonly property bool besides: noted
                    && line.noteBeside(text, line.row.note, line.size, width)
                text: cell.said
                color: cell.crowned || line.lit ? "white" : kind === "move" ? line.inkSoft
                     : cell.main || cell.named ? line.accent : line.ink
                font.pixelSize: line.size
                font.weight: line.row.strong || cell.crowned || cell.main ? Font.Bold : Font.Normal

                Text {
                    id: note
                    visible: words.noted
                    x: words.besides ? words.contentWidth + Math.round(line.size * 0.6) : 0
                    y: words.besides ? Math.round((words.height - height) / 2)
                     : line.below > 0 ? Math.round((words.height + line.laid.lines * words.lineHeight) / 2)
                                     : words.height
                    width: line.below > 0 ? line.width - words.x : parent.width - x
                    text: words.noted ? line.row.note : ""
                    textFormat: Text.PlainText
                    wrapMode: Text.Wrap
                    lineHeightMode: Text.FixedHeight
                    lineHeight: Math.round(line.legible * 1.36)
                    color: line.lit ? "white" : cell.named ? line.accent : line.inkSoft
                    font { family: Theme.sans; pixelSize: line.legible
                           weight: cell.named ? Font.Medium : Font.Normal }
                }
            }
        }
    }

    Rectangle {
        visible: !line.lit && line.barHeight === 0
        y: line.height - height
        width: line.width
        height: Math.max(1, Math.round(line.unit / 4))
        color: line.hairline
    }

    PlanBar {
        visible: line.barHeight > 0
        y: line.height - Math.round(line.barHeight * 0.78)
        width: line.width
        height: Math.round(line.barHeight * 0.45)
        told: line.row.bar || null
        unit: line.unit
        ink: line.ink
        accent: line.accent
        ground: line.ground
        track: line.hairline
    }
}
