// An address to scan: the code as large as can be, beside it or above it what happens then.
// Where the code would be too small for a telephone, whom it leads to stands in words.
import QtQuick
import "../theme"

Sheet {
    id: qr

    slims: true
    air: wide ? 0.075 : 0.055
    ready: fitted
    // In a low zone what happens is worth more than what it is called.
    leastRoom: scannable && cardData.text !== "" ? 99 : 3
    takenRight: beside && scannable ? code.width + 5 * unit : 0

    readonly property bool beside: width >= height * 1.15
    // A telephone reads a code from ten times its width.  Eight lines that are read from 8 m are
    // 0.2 m wide: that is from 2 m.  More modules than 33 want as much more.
    readonly property int least: Math.round(8 * legible * Math.max(1, (cardData.side + 8) / 41))
    readonly property int rim: roomy ? 4 * unit : unit
    readonly property int most: beside ? Math.min(height - 2 * rim - 2 * unit, Math.round(width * 0.52))
                                       : Math.min(width - 2 * margin, Math.round(height * 0.5))
    readonly property bool scannable: cardData.side > 0 && code.width >= least
    readonly property int base: beside || !scannable ? floor : code.y - 3 * unit

    // What is said beside the code: what happens comes first, then whom one is led to, then the rest.
    property bool led: true
    property bool noted: true
    // Without a code, is there room for the whole address, to be typed?
    property bool whole: false

    onLayoutDue: {
        fitTitle()
        whole = !scannable && cardData.side > 0 && cardData.address !== ""
        if (!fitSome() && whole) {
            whole = false
            fitSome()
        }
        settle()
    }

    function fitSome() {
        return [[true, true], [true, false], [false, true], [false, false]].some(kept => {
            [led, noted] = [kept[0] || !scannable, kept[1]]
            return fitSaid()
        })
    }

    function fitSaid() {
        const sized = scale => Math.round(legible * scale)
        const happens = !whole ? cardData.text : headed ? cardData.typed : said
        host.fit([[sized(1.1), 1], [legible, 1], [legible, 2],
                  ...(whole ? [[legible, 3], [legible, 4], [legible, 6]] : [])])
        note.text = cardData.note
        note.fit([[sized(1.1), 1], [legible, 1]])
        if (note.lineCount > 1) {
            note.text = cardData.note.split("　").join("\n")
            note.fit([[legible, 3]])
        }
        if (led && scannable && host.lineCount > 1)
            return false
        const room = base - ceiling - (led ? host.height : 0) - (noted ? note.height + unit : 0)
                     - (roomy ? 3 * unit : 0)
        // What does not fit on a line breaks where it pauses, rather than anywhere.
        const paused = happens.replace(/([，；。！？])(?=.)/g, "$1\n")
        const parts = paused.split("\n").length
        const scales = [2.4, 2, 1.7, 1.4, 1.2, 1].map(sized)
        return [...[].concat(...scales.slice(0, 4).map(size => [[happens, size, 1], [paused, size, parts]])),
                ...[].concat(...[paused, happens].map(said => scales.map((size, n) => [said, size, n < 4 ? 4 : 6])))]
            .some(([said, size, lines]) => {
                words.text = said
                words.fit([[size, lines]])
                return words.lineCount <= lines && words.height <= room
            })
    }

    readonly property bool roomy: !slim && !tiny

    QrCode {
        id: code
        visible: qr.scannable
        runs: qr.cardData.runs
        side: qr.cardData.side
        most: qr.most
        color: "white"
        x: qr.beside ? qr.width - Math.min(qr.margin, Math.max(qr.rim, y)) - width : Math.round((qr.width - width) / 2)
        y: qr.beside ? Math.round((qr.height - height) / 2) + qr.unit
                     : (qr.footed ? qr.floor : qr.height - qr.margin) - height
    }

    Headline {
        id: words
        visible: height <= below - qr.ceiling
        x: qr.textLeft
        y: qr.ceiling + Math.max(0, Math.round((below - qr.ceiling - height) * (qr.roomy ? 0.45 : 0)))
        readonly property int below: qr.noted && note.text !== "" ? note.y : qr.led ? host.y : qr.base
        span: qr.textWidth
        leading: qr.roomy ? 1.32 : 1.2
        horizontalAlignment: qr.beside ? Text.AlignLeft : Text.AlignHCenter
        color: qr.accent
    }

    Headline {
        id: note
        visible: qr.noted && text !== ""
        x: qr.textLeft
        y: (qr.led ? host.y : qr.base) - height - (qr.led ? qr.unit : 0)
        span: qr.textWidth
        horizontalAlignment: words.horizontalAlignment
        color: qr.ink
        font { family: Theme.sans; weight: Font.Normal; features: { "tnum": 1 } }
    }

    Headline {
        id: host
        visible: qr.led
        x: qr.textLeft
        y: qr.base - height
        span: qr.textWidth
        text: qr.cardData.side === 0 ? qr.cardData.empty
            : qr.whole ? qr.cardData.address : qr.cardData.host
        horizontalAlignment: words.horizontalAlignment
        wrapMode: Text.WrapAnywhere
        color: qr.inkSoft
        font { family: Theme.sans; weight: Font.Normal }
    }
}
