// A notice: who says what, since when.  A headline, a body in paragraphs, issuer and date.
// Few words are set large; many words go on to further pages.  Nothing is ever set smaller than
// what can be read from eight metres, and a page ends between two lines, never within one.
import QtQuick
import "../theme"

Card {
    id: notice

    readonly property bool wide: width >= height * 1.15 && width >= 150 * unit
    readonly property bool tiny: height < 9 * legible || width < 9 * legible
    readonly property int margin: tiny ? unit : Math.max(2 * unit, unit * Math.min(15,
                                  Math.round(Math.min(width, height) * 0.09 / unit)))
    readonly property bool hasPhoto: files.photo !== undefined && !tiny
    readonly property bool photoBeside: hasPhoto && wide
    readonly property int photoSpan: !hasPhoto ? 0
        : photoBeside ? Math.round(width * 0.38) : Math.round(height * 0.34)

    readonly property int textLeft: wide ? margin + seal.width + 5 * unit : margin
    readonly property int textWidth: Math.max(legible,
        width - textLeft - margin - (photoBeside ? photoSpan : 0))

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
        for (const block of cardData.blocks)
            letters += block.text.length + block.label.length
        const natural = Math.max(8000, letters / pages.length * 160)
        return spanMs > 0 ? Math.max(4000, Math.min(natural, spanMs / pages.length)) : natural
    }

    // The largest of the type scale at which everything fits one page, else the smallest.
    function fit() {
        if (width <= 0 || height <= 0)
            return
        fitTitle()
        for (const scale of [2, 1.75, 1.5, 1.3, 1.15, 1]) {
            bodySize = Math.round(legible * scale)
            lineHeight = Math.round(bodySize * 1.6)
            if (flow.extent() <= leaf.room)
                break
        }
        pages = flow.cut(leaf.room)
        join()
        ready = Qt.binding(() => !hasPhoto || photo.status === Image.Ready)
    }

    function fitTitle() {
        for (const scale of wide ? [2.4, 2, 1.7, 1.4] : [1.8, 1.5, 1.3, 1.15]) {
            titleSize = Math.round(legible * scale)
            if (title.lineCount <= (titleSize > legible * 1.8 ? 1 : 2))
                break
        }
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

    onWidthChanged: fit()
    onHeightChanged: fit()
    onScreenHeightChanged: fit()
    Component.onCompleted: fit()
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
        source: notice.hasPhoto ? notice.files.photo : ""
        sourceSize: Qt.size(width, height)
        fillMode: Image.PreserveAspectCrop
        asynchronous: true
        cache: false
    }

    Rectangle {
        width: parent.width
        height: Math.max(2, Math.round(notice.unit * 1.25))
        color: notice.colours.mark
        visible: !notice.tiny
    }

    Seal {
        id: seal
        visible: !notice.tiny
        x: notice.margin
        y: notice.wide ? title.y + Math.round(notice.titleSize * 0.18)
                       : notice.margin + (notice.hasPhoto ? notice.photoSpan : 0)
        label: notice.cardData.label
        upright: notice.wide
        size: Math.round(notice.legible * (notice.wide ? 1.2 : 1))
        color: notice.colours.text
    }

    Text {
        id: title
        visible: !notice.tiny
        x: notice.textLeft
        y: notice.wide ? Math.round(notice.margin * 0.9) : seal.y + seal.height + 2 * notice.unit
        width: notice.textWidth
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
        y: title.y + title.lineCount * title.lineHeight + 2 * notice.unit
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
            blocks: notice.cardData.blocks
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
        visible: !notice.tiny
        x: notice.textLeft
        y: notice.height - Math.round(notice.margin * 0.72) - height
        width: notice.textWidth
        height: Math.round(notice.legible * 1.5)

        Text {
            id: origin
            width: parent.width - folio.width - (folio.visible ? 3 * notice.unit : 0)
            height: parent.height
            verticalAlignment: Text.AlignVCenter
            text: notice.cardData.issuer + "　" + notice.cardData.dateline
            textFormat: Text.PlainText
            elide: Text.ElideRight
            color: Theme.inkSoft
            font { family: Theme.sans; pixelSize: notice.legible }
        }

        Text {
            id: folio
            visible: notice.pages.length > 1
            anchors.right: parent.right
            height: parent.height
            width: notice.pages.length > 1 ? contentWidth : 0
            verticalAlignment: Text.AlignVCenter
            text: (notice.page + 1) + " / " + notice.pages.length
            textFormat: Text.PlainText
            color: Theme.inkSoft
            font { family: Theme.sans; pixelSize: notice.legible }
        }
    }
}
