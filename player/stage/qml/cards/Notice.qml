// A notice: who says what, since when.  A headline, a body in paragraphs, issuer and date.
// Few words are set large; many words go on to further pages.  Nothing is ever set smaller than
// what can be read from eight metres, and a page ends between two lines, never within one.
import QtQuick
import "../theme"

Sheet {
    id: notice

    ready: fitted && (!hasPhoto || photo.status === Image.Ready)

    // Too small for a head and a foot: title, issuer and date become part of the text.
    readonly property var blocks: !tiny ? cardData.blocks
        : [line("heading", cardData.title)].concat(cardData.aside ? line("origin", cardData.aside) : [],
           cardData.blocks, line("origin", cardData.issuer + "　" + cardData.dateline))
    // A photo that cannot be read leaves its place to the words.
    property bool photoBroken: false
    readonly property bool hasPhoto: files.photo !== undefined && !tiny && !photoBroken
    readonly property bool photoBeside: hasPhoto && wide
    readonly property int photoSpan: !hasPhoto ? 0
        : photoBeside ? Math.round(width * 0.38) : Math.round(height * 0.34)

    takenAbove: photoBeside ? 0 : photoSpan
    takenRight: photoBeside ? photoSpan : 0
    titleSizes: wide ? [[2.4, 1], [2, 1], [1.7, 2], [1.4, 3]]
                     : [[1.8, 1], [1.5, 2], [1.3, height > width * 1.3 ? 3 : 2], [1.15, 4]]
    leaf: sheaf
    letters: blocks.reduce((sum, block) => sum + Theme.lettersOf(block.text + block.label), 0)

    property int bodySize: legible
    property int lineHeight: Math.round(legible * 1.6)
    property var pages: [{ "top": 0, "height": 0 }]
    pageCount: pages.length

    // As few pages as the smallest size allows, then the largest size with as few.
    function fit() {
        if (width <= 0 || height <= 0)
            return
        fitTitle()
        flow.unbalance()
        setBody(1)
        const fewest = flow.cut(sheaf.room).length
        for (const scale of [2, 1.75, 1.5, 1.3, 1.15, 1]) {
            // A line of a few letters is no line; and laying text out is dear, reckoning is cheap.
            const size = legible * scale
            if (scale > 1 && (textWidth < 9 * size
                              || flow.estimate(size) > fewest * sheaf.room))
                continue
            setBody(scale)
            pages = flow.cut(sheaf.room)
            if (pages.length <= fewest)
                break
        }
        if (pages.length === 1) {
            flow.balance(bodySize >= legible * 1.5)
            pages = flow.cut(sheaf.room)
        }
        flow.balanceHeadings()
        settle()
    }

    function line(kind, text) { return { "kind": kind, "label": "", "text": text, "ems": Theme.lettersOf(text) } }

    function setBody(scale) {
        bodySize = Math.round(legible * scale)
        lineHeight = Math.round(bodySize * 1.6)
    }

    onLayoutDue: fit()
    onHasPhotoChanged: layOutSoon()

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

    // The part of the body's flow that one page shows.
    Item {
        id: sheaf

        readonly property int room: Math.max(notice.lineHeight, notice.floor - notice.ceiling)
        readonly property var shown: notice.pages[Math.min(notice.page, notice.pages.length - 1)]

        x: notice.textLeft
        // A single page with room to spare stands a little above the middle of its space.
        y: notice.ceiling + (notice.pages.length > 1 ? 0 : Math.round((room - height) * 0.38))
        width: notice.textWidth
        height: Math.min(shown.height, room)
        clip: true

        Passages {
            id: flow
            y: -sheaf.shown.top
            width: parent.width
            blocks: notice.blocks
            size: notice.bodySize
            lineHeight: notice.lineHeight
            accent: notice.colours.text
        }
    }
}
