// The sheet that most cards are set on: band, seal and headline above, who says so and of when the
// data is below, pages between.  A card puts what it has to say between `ceiling` and `floor`, from
// `textLeft`, `textWidth` wide, tells `pageCount` and shows page `page`.
//
// In a low zone a card that `slims` has its headline and the date on one line and no foot.  In a zone
// too small even for that (`tiny`) head and foot are gone: the card says title and date itself.
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
    property var titleSizes: slim ? [[1.3, 1], [1.15, 1], [1, 2]]
        : [[1.8, 1], [1.5, 1], [1.3, 1], [1.15, 1], [1.3, 2], [1.15, 3]]
    // The share of the smaller side that stays free around everything.
    property real air: 0.09
    property bool slims: false
    // Lower than so many lines there is no room for head and foot.
    property int leastLines: slims ? 6 : 14
    // In a low zone the headline leaves so many lines to what it is about, or goes.
    property real leastRoom: 3
    property bool fitted: false
    // Something else stands over all of it.
    property bool covered: false
    // What fades while a page turns.
    property alias leaf: pager.leaf
    property alias page: pager.page
    property alias pageCount: pager.count
    readonly property alias pageMs: pager.pageMs
    // How many letters stand on all pages together: a page stays as long as it takes to read.
    property int letters: 0

    readonly property bool wide: width >= height * 1.15 && width >= 150 * unit
    readonly property bool tiny: height < leastLines * legible || width < 9 * legible || crowded
    readonly property bool slim: slims && !tiny && height < 15 * legible
    // A seal above the headline costs a line: cards that have none to spare show it beside only.
    readonly property bool sealed: headed && kind !== "" && (!slims || (wide && seal.stacked && !slim))
    readonly property string said: cardData.title || ""
    readonly property string kind: cardData.label || ""
    // What stands under the headline.
    property string beside: cardData.aside === undefined || cardData.aside === "" ? ""
        : sealed || !slims ? cardData.aside : kind + "  " + cardData.aside
    readonly property string dateShort: cardData.short || cardData.dateline || ""
    // In a low zone: does the date stand beside the headline, and how much does it take there?
    readonly property int folioSpan: sheet.spanOf("00 / 00") + 3 * unit
    readonly property bool dateBeside: slim && dateShort !== "" && sheet.spanOf(said)
        + sheet.spanOf(dateShort) + folioSpan + 6 * unit <= textWidth
    readonly property int cornerSpan: !slim ? 0 : folioSpan + (dateBeside
        ? sheet.spanOf(dateShort) + 3 * unit : 0)
    readonly property string turned: pageCount > 1 ? (page + 1) + " / " + pageCount : ""
    readonly property string origin: [cardData.issuer || "", cardData.dateline || ""]
        .filter(part => part !== "").join("　")
    readonly property bool headed: !covered && !tiny && (said !== "" || (kind !== "" && !slims))
    readonly property bool footed: !covered && !tiny && (slim ? dateShort !== "" && !dateBeside
                                                  : origin !== "" || pageCount > 1)

    readonly property color ground: solid ? colours.text : night ? Theme.night : Theme.paper
    readonly property color ink: solid ? "white" : night ? Theme.moon : Theme.ink
    readonly property color inkSoft: solid ? "white" : night ? Theme.moonSoft : Theme.inkSoft
    readonly property color accent: solid ? "white" : night ? colours.glow : colours.text
    readonly property color hairline: solid ? colours.line || colours.glow
                                            : night ? Theme.nightLine : Theme.hairline

    readonly property int margin: tiny ? 2 * unit : slim ? 4 * unit : Math.max(2 * unit, unit * Math.min(15,
                                  Math.round(Math.min(width, height) * air / unit)))
    readonly property int headTop: Math.round(margin * 0.9) + takenAbove
    readonly property bool sealBeside: wide && sealed && seal.stacked
    readonly property int textLeft: sealBeside ? margin + seal.width + 5 * unit : margin
    readonly property int textWidth: Math.max(legible, width - textLeft - margin - takenRight)
    readonly property int ceiling: headed ? rule.y + (slim ? unit : 3 * unit) : tiny ? margin : headTop
    readonly property int floor: footed ? footer.y - (slim ? 0 : 3 * unit) : height - margin
    readonly property alias titleSize: title.size

    // In a low zone a long headline would leave nothing for what it is about: then it goes.
    property bool crowded: false
    function fitTitle() {
        crowded = false
        title.fit(titleSizes.map(([scale, lines]) => [Math.round(legible * scale), lines]))
        crowded = slim && floor - ceiling < leastRoom * legible
    }

    // How wide a line of text is at the smallest size.
    function spanOf(text) { return ruler.advanceWidth(text) / 100 * legible }

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

    FontMetrics {
        id: ruler
        font { family: Theme.sans; pixelSize: 100; features: { "tnum": 1 } }
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
        visible: sheet.sealed
        x: sheet.margin
        y: sheet.headTop + (sheet.sealBeside ? Math.round(title.size * 0.2) : 0)
        label: sheet.kind
        upright: sheet.wide
        // Beside a headline of one line it ends on the rule.
        reach: sheet.sealBeside && title.lineCount === 1 ? rule.y + rule.height - y : 0
        size: Math.round(sheet.legible * (stacked ? 1.2 : 1))
        color: sheet.colours.text
    }

    Headline {
        id: title
        visible: sheet.headed
        x: sheet.textLeft
        y: sheet.headTop + (sheet.sealBeside || !sheet.sealed ? 0 : seal.least + 2 * sheet.unit)
        span: sheet.textWidth - sheet.cornerSpan
        text: sheet.said
        color: sheet.ink
    }

    // The foot of a low zone: what of it cannot be missing, beside the headline; without one it goes.
    Text {
        id: corner
        visible: sheet.slim && sheet.headed && text !== ""
        anchors.right: title.right
        anchors.rightMargin: title.width - (sheet.width - sheet.margin - title.x)
        y: title.y
        height: title.lineHeight
        verticalAlignment: Text.AlignVCenter
        text: [sheet.dateBeside ? sheet.dateShort : "", sheet.turned]
            .filter(part => part !== "").join("　")
        textFormat: Text.PlainText
        color: sheet.inkSoft
        font: footer.type
    }

    // One line under the headline.
    Text {
        id: aside
        visible: sheet.headed && sheet.beside !== ""
        x: sheet.textLeft
        y: title.y + title.lineCount * title.lineHeight + air
        width: sheet.textWidth
        height: Math.round(lineCount * sheet.legible * 1.5)
        readonly property int air: sheet.slim ? 0 : Math.round(sheet.legible * 0.15)
        text: sheet.beside
        textFormat: Text.PlainText
        wrapMode: Text.Wrap
        lineHeightMode: Text.FixedHeight
        lineHeight: Math.round(sheet.legible * 1.5)
        color: sheet.accent
        font { family: Theme.sans; weight: Font.Medium; features: { "tnum": 1 }
               pixelSize: Math.round(sheet.legible * (sheet.wide ? 1.1 : 1)) }
    }

    Rectangle {
        id: rule
        visible: sheet.headed
        x: sheet.textLeft
        // On the seal's lower edge, where that is clear of the headline.
        y: Math.max(title.y + title.lineCount * title.lineHeight
                    + (sheet.beside === "" ? 0 : aside.air + aside.height) + (sheet.slim ? 1 : 3) * sheet.unit,
                    sheet.sealBeside ? seal.y + seal.least - height : 0)
        width: sheet.textWidth
        height: Math.max(1, Math.round(sheet.unit / 4))
        color: sheet.hairline
    }

    Item {
        id: footer

        // Issuer and date share a line if they both fit whole.  If not they take one each, or the
        // date alone stays, shorter, where every line is dear.
        readonly property int free: width - (sheet.turned === "" || sheet.slim ? 0
                                             : folio.contentWidth + 3 * sheet.unit)
        readonly property bool oneLine: sheet.slims || sheet.spanOf(sheet.origin) <= free
        readonly property string line: sheet.spanOf(sheet.origin) <= free ? sheet.origin
            : sheet.spanOf(sheet.cardData.dateline || "") <= free ? sheet.cardData.dateline || sheet.origin
            : sheet.dateShort || sheet.origin
        readonly property int lineHeight: Math.round(sheet.legible * 1.5)

        visible: sheet.footed
        x: sheet.textLeft
        y: sheet.height - Math.round(sheet.margin * 0.72) - height
        width: sheet.textWidth
        height: (oneLine ? 1 : 2) * lineHeight

        readonly property font type: Qt.font({ family: Theme.sans, pixelSize: sheet.legible,
                                               features: { "tnum": 1 } })

        Text {
            width: footer.oneLine ? footer.free : parent.width
            text: footer.oneLine ? footer.line : sheet.origin.replace("　", "\n")
            textFormat: Text.PlainText
            elide: Text.ElideRight
            lineHeightMode: Text.FixedHeight
            lineHeight: footer.lineHeight
            color: sheet.inkSoft
            font: footer.type
        }

        Text {
            id: folio
            // Beside the shorter of two lines.
            readonly property bool above: !footer.oneLine
                && sheet.spanOf(sheet.cardData.issuer || "")
                   < sheet.spanOf(sheet.cardData.dateline || "")
            anchors.right: parent.right
            y: above ? 0 : footer.height - height
            height: footer.lineHeight
            text: sheet.slim ? "" : sheet.turned
            textFormat: Text.PlainText
            lineHeightMode: Text.FixedHeight
            lineHeight: footer.lineHeight
            color: sheet.inkSoft
            font: footer.type
        }
    }
}
