// 先锋模范: a portrait, name and post, deeds, a quotation; one person after another.  Deeds that are
// longer than a page go on on the next; where there is little room, name and deeds are what stays.
import QtQuick
import "../theme"

Sheet {
    id: honour

    slims: true
    // In a low zone a name and two lines of deeds.
    leastRoom: 5.2
    air: wide ? 0.075 : 0.055
    ready: fitted && (!pictured || portrait.settled)
    leaf: leafOf
    pageCount: Math.max(1, pages.length)

    property var pages: []
    readonly property var shown: pages.length > 0 ? pages[Math.min(page, pages.length - 1)] : null
    readonly property bool pictured: shown !== null && shown.pictured
    readonly property int room: floor - ceiling
    readonly property int gap: 4 * unit
    readonly property int frameHeight: wide ? room : Math.min(Math.round(room * 0.36), Math.round(textWidth * 0.56))
    readonly property int frameWidth: Math.min(Math.round(frameHeight * 0.75), Math.round(textWidth * 0.36))

    // How far a quotation stands from its rule: room for the mark that opens it.
    readonly property int hang: Math.round(1.2 * legible)

    onLayoutDue: {
        fitTitle()
        calm.fitRoom()
        pages = [].concat(...cardData.people.map(pagesOf))
        letters = cardData.people.reduce((sum, each) => sum + Theme.lettersOf(each.deeds + each.quote) + 12, 0)
        settle()
        set()
    }
    onShownChanged: if (fitted) set()

    // Name and quotation of the page that stands, as they were fitted.
    function set() {
        if (shown === null)
            return
        name.span = shown.beside
        name.text = shown.person.name
        name.size = shown.called.size
        name.balance()
        quote.said = shown.quote
        quote.text = shown.quote.slice(1)
        quote.span = shown.body - hang
        quote.fit([[shown.size, 99]])
        quote.pause()
    }

    // The pages of one person, set as large as a single page with deeds allows, else in the
    // smallest size.
    function pagesOf(person) {
        const pictured = person.portrait !== "" && !slim && !tiny && room > 9 * legible
        const beside = textWidth - (pictured ? frameWidth + gap : 0)
        const called = calledIn(person.name, beside)
        const postHeight = person.post === "" ? 0
            : texts.lines(person.post, legible, beside) * Math.round(legible * 1.5)
        for (const scale of [1.5, 1.3, 1.15, 1]) {
            const found = setAt(person, pictured, Math.round(legible * scale), beside, called, postHeight)
            if (found !== null && (found.length === 1 || scale === 1))
                return found
        }
    }

    // How large a name stands that has so much room, and how high that is; its lines are balanced
    // when it is shown.
    function calledIn(said, beside) {
        name.span = beside
        name.text = said
        name.choose((slim || tiny ? [[1.3, 1], [1.15, 1], [1, 2], [1, 4]]
                               : [[2.2, 1], [1.8, 1], [1.5, 1], [1.2, 1], [1.35, 2], [1.15, 3], [1, 4]])
            .map(([scale, lines]) => [Math.round(legible * scale), lines]))
        return { size: name.size, height: name.height }
    }

    function setAt(person, pictured, size, beside, called, postHeight) {
        const body = pictured && !wide ? textWidth : beside
        const line = Math.round(size * 1.6)
        let head = called.height
        // In a low zone the post goes before the deeds do.
        const posted = postHeight > 0 && head + postHeight + 2 * line + gap <= room
        head += (posted ? postHeight : 0) + gap
        if (pictured && !wide)
            head = Math.max(head, frameHeight + gap)
        if (size > legible && person.deeds !== "" && room - head < line)
            return null
        const most = Math.max(1, Math.floor((room - head) / line))
        // A larger size is for what fits one page: how the deeds would be cut need not be known.
        // What takes more lines already in the smallest size is not measured in this one.
        const fits = at => texts.lines(person.deeds, at, body) <= most
        if (size > legible && person.deeds !== "" && !(fits(legible) && fits(size)))
            return null
        const quoteHeight = person.quote === "" || slim || tiny ? 0
            : names.lines(person.quote.slice(1), size, body - hang) * line + gap
        const deeds = person.deeds === "" || room - head < line ? [""]
            : evenly(person.deeds, size, body, most)
        // The quotation closes: below the last of the deeds, or on a page of its own.
        const last = deeds[deeds.length - 1]
        const used = last === "" ? 0 : texts.lines(last, size, body) * line
        if (quoteHeight > 0 && used > 0 && used + quoteHeight > room - head)
            deeds.push("")
        return deeds.map((part, n) => ({ person, pictured, size, called, posted, beside, body, head, deeds: part,
            quote: quoteHeight > 0 && n === deeds.length - 1
                   && (part !== "" || quoteHeight <= room - head) ? person.quote : "" }))
    }

    // Parts of at most so many lines, of which none is much shorter than the others.
    function evenly(deeds, size, body, most) {
        const whole = texts.lines(deeds, size, body)
        let parts = texts.cut(deeds, size, body, most)
        for (let fewer = most - 1; parts.length > 1 && fewer * parts.length >= whole; --fewer) {
            const tried = texts.cut(deeds, size, body, fewer)
            if (tried.length > parts.length)
                break
            parts = tried
        }
        return parts
    }

    Cutter { id: texts }
    Cutter { id: names; family: Theme.serif; weight: Font.Bold }

    Item {
        id: leafOf
        visible: honour.shown !== null
        x: honour.textLeft
        y: honour.ceiling
        width: honour.textWidth
        height: honour.room

        readonly property int shift: honour.pictured ? honour.frameWidth + honour.gap : 0
        readonly property int bodyLeft: honour.pictured && honour.wide ? shift : 0

        Framed {
            id: portrait
            visible: honour.pictured
            width: honour.frameWidth
            height: Math.min(honour.frameHeight, Math.round(width / 0.75))
            source: honour.pictured ? honour.files[honour.shown.person.portrait] || "" : ""
            letter: honour.pictured ? honour.shown.person.name.charAt(0) : ""
        }

        Headline {
            id: name
            x: leafOf.shift
            color: honour.ink
        }

        Text {
            visible: honour.shown !== null && honour.shown.posted
            x: leafOf.shift
            y: name.height
            width: name.span
            text: honour.shown ? honour.shown.person.post : ""
            textFormat: Text.PlainText
            wrapMode: Text.Wrap
            lineHeightMode: Text.FixedHeight
            lineHeight: Math.round(honour.legible * 1.5)
            color: honour.accent
            font { family: Theme.sans; weight: Font.Medium; pixelSize: honour.legible }
        }

        Text {
            id: deeds
            x: leafOf.bodyLeft
            y: honour.shown ? honour.shown.head : 0
            width: honour.shown ? honour.shown.body : 1
            text: honour.shown ? honour.shown.deeds : ""
            textFormat: Text.PlainText
            wrapMode: Text.Wrap
            lineHeightMode: Text.FixedHeight
            lineHeight: Math.round(font.pixelSize * 1.6)
            color: honour.ink
            font { family: Theme.sans; features: { "tnum": 1 }
                   pixelSize: honour.shown ? honour.shown.size : honour.legible }
        }

        Rectangle {
            visible: quote.visible
            x: leafOf.bodyLeft
            y: quote.y
            width: Math.max(2, Math.round(honour.unit / 2))
            height: quote.height
            color: honour.colours.line || honour.colours.mark
        }

        // The mark that opens hangs before the lines, which then begin under each other.
        Headline {
            id: quote
            property string said: ""
            readonly property string mark: said.charAt(0)
            visible: text !== ""
            x: leafOf.bodyLeft + honour.hang
            y: deeds.y + (deeds.text === "" ? 0 : deeds.height + honour.gap)
            leading: 1.6
            // Two lines break where one would pause, if they stay two.
            function pause() {
                const spoken = said.slice(1)
                const pauses = []
                spoken.replace(/[，；。！？：—]+\u2060?(?=[^”])/g, (mark, at) => pauses.push(at + mark.length))
                if (lineCount !== 2 || pauses.length === 0)
                    return
                const off = at => Math.abs(2 * at - spoken.length)
                const at = pauses.reduce((best, each) => off(each) < off(best) ? each : best)
                trim = 0
                text = spoken.slice(0, at) + "\n" + spoken.slice(at)
                if (lineCount > 2) {
                    text = spoken
                    balance()
                }
            }

            color: honour.accent
        }

        Text {
            anchors.right: quote.left
            y: quote.y
            visible: quote.visible
            text: quote.mark
            textFormat: Text.PlainText
            color: honour.accent
            font: quote.font
        }
    }

    Calm {
        id: calm
        visible: honour.shown === null
        sheet: honour
        color: honour.accent
    }
}
