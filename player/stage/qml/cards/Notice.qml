// A notice: who says what, since when.  A headline, a body in paragraphs, issuer and date.
// Few words are set large; many words go on to further pages.  Nothing is ever set smaller than
// what can be read from eight metres, and a page ends between two lines, never within one.
import QtQuick
import "../theme"

Card {
    id: notice

    ready: fitted && (!hasPhoto || photo.status === Image.Ready)

    readonly property bool wide: width >= height * 1.15 && width >= 150 * unit
    // Too small for a head and a foot: title, issuer and date become part of the text.
    readonly property bool tiny: height < 10 * legible || width < 9 * legible
    readonly property var blocks: !tiny ? cardData.blocks
        : [{ "kind": "heading", "label": "", "text": cardData.title,
             "ems": cardData.title.length }].concat(cardData.blocks,
           [{ "kind": "origin", "label": "", "text": cardData.issuer + "　" + cardData.dateline,
             "ems": 1 }])
    readonly property int margin: tiny ? 2 * unit : Math.max(2 * unit, unit * Math.min(15,
                                  Math.round(Math.min(width, height) * 0.09 / unit)))
    // A photo that cannot be read leaves its place to the words.
    property bool photoBroken: false
    readonly property bool hasPhoto: files.photo !== undefined && !tiny && !photoBroken
    readonly property bool photoBeside: hasPhoto && wide
    readonly property int photoSpan: !hasPhoto ? 0
        : photoBeside ? Math.round(width * 0.38) : Math.round(height * 0.34)

    readonly property int headTop: Math.round(margin * 0.9) + (photoBeside ? 0 : photoSpan)
    readonly property bool sealBeside: wide && !tiny && seal.stacked
    readonly property int textLeft: sealBeside ? margin + seal.width + 5 * unit : margin
    readonly property int textWidth: Math.max(legible,
        width - textLeft - margin - (photoBeside ? photoSpan : 0))

    property bool fitted: false
    property int titleSize: legible
    property int bodySize: legible
    property int lineHeight: Math.round(legible * 1.6)
    property var pages: [{ "top": 0, "height": 0 }]
    property int page: 0
    readonly property int pageMs: pageSpan()

    function pageSpan() {
        if (cardData.page_s !== undefined && cardData.page_s !== null)
            return cardData.page_s * 1000
        let letters = 0
        for (const block of blocks)
            letters += block.text.length + block.label.length
        const natural = Math.max(8000, letters / pages.length * 160)
        return spanMs > 0 ? Math.max(4000, Math.min(natural, spanMs / pages.length)) : natural
    }

    // As few pages as the smallest size allows, then the largest size with as few.
    function fit() {
        if (width <= 0 || height <= 0)
            return
        fitTitle()
        flow.unbalance()
        setBody(1)
        const fewest = flow.cut(leaf.room).length
        for (const scale of [2, 1.75, 1.5, 1.3, 1.15, 1]) {
            // A line of a few letters is no line; and laying text out is dear, reckoning is cheap.
            const size = legible * scale
            if (scale > 1 && (textWidth < 9 * size
                              || flow.estimate(size) > fewest * leaf.room))
                continue
            setBody(scale)
            pages = flow.cut(leaf.room)
            if (pages.length <= fewest)
                break
        }
        if (pages.length === 1) {
            flow.balance(bodySize >= legible * 1.5)
            pages = flow.cut(leaf.room)
        }
        join()
        fitted = true
    }

    function setBody(scale) {
        bodySize = Math.round(legible * scale)
        lineHeight = Math.round(bodySize * 1.6)
    }

    function fitTitle() {
        const tall = height > width * 1.3
        const choice = wide ? [[2.4, 1], [2, 1], [1.7, 2], [1.4, 3]]
                            : [[1.8, 1], [1.5, 2], [1.3, tall ? 3 : 2], [1.15, 4]]
        title.trim = 0
        for (const [scale, lines] of choice) {
            titleSize = Math.round(legible * scale)
            if (title.lineCount <= lines)
                break
        }
        title.balance()
    }

    function pageAt(ms) {
        return pages.length < 2 ? 0 : Math.floor(ms / pageMs) % pages.length
    }

    // Stand on the page that is due `offsetMs` into the item and, while running, turn from there.
    function join() {
        turn.stop()
        leaf.opacity = 1
        page = pageAt(offsetMs)
        pager.stop()
        pager.interval = Math.max(1, pageMs - offsetMs % pageMs)
        if (running && pages.length > 1)
            pager.start()
    }

    onLayoutDue: fit()
    onHasPhotoChanged: layOutSoon()
    onRunningChanged: join()
    onOffsetMsChanged: join()
    onSpanMsChanged: join()

    Rectangle {
        anchors.fill: parent
        color: Theme.paper
    }

    Image {
        id: photo
        visible: notice.hasPhoto
        x: notice.photoBeside ? notice.width - width : 0
        width: notice.photoBeside ? notice.photoSpan : notice.width
        height: notice.photoBeside ? notice.height : notice.photoSpan
        source: notice.files.photo || ""
        sourceSize: Qt.size(width, height)
        fillMode: Image.PreserveAspectCrop
        asynchronous: true
        cache: false
        onStatusChanged: if (status === Image.Error) notice.photoBroken = true
    }

    Rectangle {
        width: parent.width
        height: Math.max(2, Math.round(notice.unit * (notice.tiny ? 0.75 : 1.25)))
        color: notice.colours.mark

        Rectangle {
            anchors.top: parent.bottom
            visible: notice.colours.line !== undefined
            width: parent.width
            height: Math.max(1, Math.round(notice.unit * 0.4))
            color: notice.colours.line || "transparent"
        }
    }

    Seal {
        id: seal
        visible: !notice.tiny
        x: notice.margin
        y: notice.headTop + (notice.sealBeside ? Math.round(notice.titleSize * 0.2) : 0)
        label: notice.cardData.label
        upright: notice.wide
        size: Math.round(notice.legible * (stacked ? 1.2 : 1))
        color: notice.colours.text
    }

    Text {
        id: title

        property int trim: 0

        // As `Passage.balance`: the lines of a headline are about equally long.
        function balance() {
            const lines = lineCount
            let kept = 0, refused = lines > 1 ? Math.round(notice.textWidth / 2) : 0
            while (refused - kept > 2) {
                trim = Math.round((kept + refused) / 2)
                if (lineCount > lines)
                    refused = trim
                else
                    kept = trim
            }
            trim = kept
        }

        visible: !notice.tiny
        x: notice.textLeft
        y: notice.headTop + (notice.sealBeside ? 0 : seal.height + 2 * notice.unit)
        width: notice.textWidth - trim
        text: notice.cardData.title
        textFormat: Text.PlainText
        wrapMode: Text.Wrap
        lineHeightMode: Text.FixedHeight
        lineHeight: Math.round(notice.titleSize * 1.32)
        color: Theme.ink
        font { family: Theme.serif; pixelSize: notice.titleSize; weight: Font.Bold }
    }

    Rectangle {
        id: rule
        visible: !notice.tiny
        x: notice.textLeft
        // On the seal's lower edge, where that is clear of the headline.
        y: Math.max(title.y + title.lineCount * title.lineHeight + 3 * notice.unit,
                    notice.sealBeside ? seal.y + seal.height - height : 0)
        width: notice.textWidth
        height: Math.max(1, Math.round(notice.unit / 4))
        color: Theme.hairline
    }

    // The leaf: the part of the body's flow that one page shows.
    Item {
        id: leaf

        readonly property int ceiling: notice.tiny ? notice.margin : rule.y + 3 * notice.unit
        readonly property int floor: notice.tiny ? notice.height - notice.margin
                                                 : footer.y - 2 * notice.unit
        readonly property int room: Math.max(notice.lineHeight, floor - ceiling)
        readonly property var shown: notice.pages[Math.min(notice.page, notice.pages.length - 1)]

        x: notice.textLeft
        // A single page with room to spare stands a little above the middle of its space.
        y: ceiling + (notice.pages.length > 1 ? 0 : Math.round((room - height) * 0.38))
        width: notice.textWidth
        height: Math.min(shown.height, room)
        clip: true

        Passages {
            id: flow
            y: -leaf.shown.top
            width: parent.width
            blocks: notice.blocks
            size: notice.bodySize
            lineHeight: notice.lineHeight
            accent: notice.colours.text
        }

        SequentialAnimation {
            id: turn
            property int next: 0
            NumberAnimation { target: leaf; property: "opacity"; to: 0; duration: 240 }
            ScriptAction { script: notice.page = turn.next }
            NumberAnimation { target: leaf; property: "opacity"; to: 1; duration: 360 }
        }
    }

    Timer {
        id: pager
        repeat: true
        onTriggered: {
            interval = notice.pageMs
            turn.next = (notice.page + 1) % notice.pages.length
            turn.restart()
        }
    }

    Item {
        id: footer

        // Issuer and date share a line if they both fit whole, and take one each if not.
        readonly property bool oneLine: origin.advanceWidth(notice.cardData.issuer + "　"
            + notice.cardData.dateline) <= width - folio.contentWidth - 3 * notice.unit

        visible: !notice.tiny
        x: notice.textLeft
        y: notice.height - Math.round(notice.margin * 0.72) - height
        width: notice.textWidth
        height: (oneLine ? 1 : 2) * lineHeight

        readonly property int lineHeight: Math.round(notice.legible * 1.5)

        FontMetrics {
            id: origin
            font { family: Theme.sans; pixelSize: notice.legible }
        }

        Text {
            width: parent.width
            text: notice.cardData.issuer + (footer.oneLine ? "　" : "\n") + notice.cardData.dateline
            textFormat: Text.PlainText
            elide: Text.ElideRight
            lineHeightMode: Text.FixedHeight
            lineHeight: footer.lineHeight
            color: Theme.inkSoft
            font: origin.font
        }

        Text {
            id: folio
            visible: notice.pages.length > 1
            anchors { right: parent.right; bottom: parent.bottom }
            text: (notice.page + 1) + " / " + notice.pages.length
            textFormat: Text.PlainText
            lineHeightMode: Text.FixedHeight
            lineHeight: footer.lineHeight
            color: Theme.inkSoft
            font: origin.font
        }
    }
}
