// The sheet that most cards are set on: band, seal and headline above, who says so and of when the
// data is below, pages between.  A card puts what it has to say between `ceiling` and `floor`, from
// `textLeft`, `textWidth` wide, tells `pageCount` and shows page `page`.
//
// In a zone too small for head and foot (`tiny`) both are gone: the card says title and date itself.
import QtQuick
import "../theme"

Card {
    id: sheet

    // What a card may take away for itself: a photo above, or at the right.
    property int takenAbove: 0
    property int takenRight: 0
    // The night ground, for what is looked at, not read.
    property bool night: false
    // The whole ground in the family's colour, for few and festive words.
    property bool solid: false
    property var titleSizes: [[1.8, 1], [1.5, 1], [1.3, 2], [1.15, 3]]
    // The share of the smaller side that stays free around everything.
    property real air: 0.09
    property bool fitted: false
    // What fades while a page turns.
    property alias leaf: pager.leaf
    property alias page: pager.page
    property alias pageCount: pager.count
    readonly property alias pageMs: pager.pageMs
    // How many letters stand on all pages together: a page stays as long as it takes to read.
    property int letters: 0

    readonly property bool wide: width >= height * 1.15 && width >= 150 * unit
    readonly property bool tiny: height < 10 * legible || width < 9 * legible
    readonly property string said: cardData.title || ""
    readonly property string kind: cardData.label || ""
    readonly property string beside: cardData.aside || ""
    readonly property string origin: [cardData.issuer || "", cardData.dateline || ""]
        .filter(part => part !== "").join("　")
    readonly property bool headed: !tiny && (said !== "" || kind !== "")
    readonly property bool footed: !tiny && (origin !== "" || pageCount > 1)

    readonly property color ground: solid ? colours.text : night ? Theme.night : Theme.paper
    readonly property color ink: solid ? "white" : night ? Theme.moon : Theme.ink
    readonly property color inkSoft: solid ? "white" : night ? Theme.moonSoft : Theme.inkSoft
    readonly property color accent: solid ? "white" : night ? colours.glow : colours.text
    readonly property color hairline: solid ? colours.line || colours.glow
                                            : night ? Theme.nightLine : Theme.hairline

    readonly property int margin: tiny ? 2 * unit : Math.max(2 * unit, unit * Math.min(15,
                                  Math.round(Math.min(width, height) * air / unit)))
    readonly property int headTop: Math.round(margin * 0.9) + takenAbove
    readonly property bool sealBeside: wide && headed && seal.stacked && kind !== ""
    readonly property int textLeft: sealBeside ? margin + seal.width + 5 * unit : margin
    readonly property int textWidth: Math.max(legible, width - textLeft - margin - takenRight)
    readonly property int ceiling: headed ? rule.y + 3 * unit : tiny ? margin : headTop
    readonly property int floor: footed ? footer.y - 2 * unit : height - margin
    readonly property alias titleSize: title.size

    function fitTitle() {
        title.fit(titleSizes.map(([scale, lines]) => [Math.round(legible * scale), lines]))
    }

    // Call it when all pages are known.
    function settle() {
        pager.pageMs = pager.spanOf(letters, cardData.page_s, spanMs)
        pager.join()
        fitted = true
    }

    onSpanMsChanged: if (fitted) settle()

    Pager {
        id: pager
        running: sheet.running
        offsetMs: sheet.offsetMs
    }

    Rectangle {
        anchors.fill: parent
        color: sheet.ground
    }

    Rectangle {
        width: parent.width
        height: Math.max(2, Math.round(sheet.unit * (sheet.tiny ? 0.75 : 1.25)))
        z: 1
        color: sheet.solid ? sheet.hairline : sheet.colours.mark

        Rectangle {
            anchors.top: parent.bottom
            visible: sheet.colours.line !== undefined && !sheet.solid
            width: parent.width
            height: Math.max(1, Math.round(sheet.unit * 0.4))
            color: sheet.colours.line || "transparent"
        }
    }

    Seal {
        id: seal
        visible: sheet.headed && sheet.kind !== ""
        x: sheet.margin
        y: sheet.headTop + (sheet.sealBeside ? Math.round(title.size * 0.2) : 0)
        label: sheet.kind
        upright: sheet.wide
        size: Math.round(sheet.legible * (stacked ? 1.2 : 1))
        color: sheet.colours.text
    }

    Headline {
        id: title
        visible: sheet.headed
        x: sheet.textLeft
        y: sheet.headTop + (sheet.sealBeside || sheet.kind === "" ? 0 : seal.height + 2 * sheet.unit)
        span: sheet.textWidth
        text: sheet.said
        color: sheet.ink
    }

    // One line under the headline.
    Text {
        id: aside
        visible: sheet.headed && sheet.beside !== ""
        x: sheet.textLeft
        y: title.y + title.lineCount * title.lineHeight
        width: sheet.textWidth
        height: Math.round(sheet.legible * 1.7)
        verticalAlignment: Text.AlignVCenter
        text: sheet.beside
        textFormat: Text.PlainText
        elide: Text.ElideRight
        color: sheet.accent
        font { family: Theme.sans; pixelSize: Math.round(sheet.legible * 1.1); weight: Font.Medium
               features: { "tnum": 1 } }
    }

    Rectangle {
        id: rule
        visible: sheet.headed
        x: sheet.textLeft
        // On the seal's lower edge, where that is clear of the headline.
        y: Math.max(title.y + title.lineCount * title.lineHeight
                    + (sheet.beside === "" ? 0 : aside.height) + 3 * sheet.unit,
                    sheet.sealBeside ? seal.y + seal.height - height : 0)
        width: sheet.textWidth
        height: Math.max(1, Math.round(sheet.unit / 4))
        color: sheet.hairline
    }

    Item {
        id: footer

        // Issuer and date share a line if they both fit whole, and take one each if not.
        readonly property bool oneLine: metrics.advanceWidth(sheet.origin)
            <= width - folio.contentWidth - 3 * sheet.unit
        readonly property int lineHeight: Math.round(sheet.legible * 1.5)

        visible: sheet.footed
        x: sheet.textLeft
        y: sheet.height - Math.round(sheet.margin * 0.72) - height
        width: sheet.textWidth
        height: (oneLine ? 1 : 2) * lineHeight

        FontMetrics {
            id: metrics
            font { family: Theme.sans; pixelSize: sheet.legible }
        }

        Text {
            width: parent.width
            text: footer.oneLine ? sheet.origin : sheet.origin.replace("　", "\n")
            textFormat: Text.PlainText
            elide: Text.ElideRight
            lineHeightMode: Text.FixedHeight
            lineHeight: footer.lineHeight
            color: sheet.inkSoft
            font: metrics.font
        }

        Text {
            id: folio
            visible: sheet.pageCount > 1
            anchors { right: parent.right; bottom: parent.bottom }
            text: (sheet.page + 1) + " / " + sheet.pageCount
            textFormat: Text.PlainText
            lineHeightMode: Text.FixedHeight
            lineHeight: footer.lineHeight
            color: sheet.inkSoft
            font: metrics.font
        }
    }
}
