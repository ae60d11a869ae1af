// 欢迎: one visit to a page, the guests in large letters; white on the family's colour.
import QtQuick
import "../theme"

Sheet {
    id: welcome

    slims: true
    air: wide ? 0.075 : 0.055
    ready: fitted
    solid: true
    leaf: sheaf
    pageCount: pages.length
    letters: cardData.pages.length * 40

    // Guests too many for a small zone stand on several pages.
    property var pages: cardData.pages
    readonly property var shown: pages[Math.min(page, pages.length - 1)]
    property bool led: true

    onLayoutDue: {
        fitTitle()
        pages = inParts(Math.max(1, Math.floor((sheaf.height - 5 * unit) / Math.round(legible * 1.28))))
        settle()
        set()
    }
    onShownChanged: if (fitted) set()

    function set() {
        const wide = scale => Math.round(legible * scale)
        setLead(wide, Infinity)
        // The guests come first: facts go where there is no room for all.
        led = true
        for (facts.kept = facts.legibly ? shown.facts.length : 0; ; --facts.kept) {
            setGuests(wide)
            if (facts.kept === 0 || sheaf.used <= sheaf.height)
                break
        }
        if (sheaf.used > sheaf.height) {
            led = false
            setGuests(wide)
        }
        setLead(wide, guests.size)
    }

    // The greeting, no larger than `most` pixels: it never stands out before the guests.
    function setLead(wide, most) {
        const sizes = slim ? [[1.15, 1], [1, 2]] : [[1.8, 1], [1.4, 1], [1.15, 2], [1, 3]]
        lead.fit(sizes.map(([scale, lines]) => [Math.min(most, wide(scale)), lines]))
    }

    function inParts(most) {
        return [].concat(...cardData.pages.map(visit => {
            const parts = cutter.cut(visit.guests, legible, textWidth - unit, most)
            return parts.length === 1 ? [visit]
                                      : parts.map(part => ({ lead: "", guests: part, facts: [] }))
        }))
    }

    Cutter { id: cutter; family: Theme.serif; weight: Font.Bold }

    function setGuests(wide) {
        guests.fit([...[4.4, 3.6, 2.8, 2.3].map(scale => [wide(scale), 1]), [wide(3.6), 2], [wide(2.8), 2], [wide(2.3), 3], [wide(1.8), 4],
                    [wide(1.4), 5], [wide(1.15), 6], [legible, 9]],
                   sheaf.height - lead.height - facts.implicitHeight - 13 * unit)
    }

    Item {
        id: sheaf
        x: welcome.textLeft
        y: welcome.ceiling
        width: welcome.textWidth
        height: welcome.floor - welcome.ceiling

        readonly property int used: lead.height + guests.height + 5 * welcome.unit
            + (facts.kept > 0 ? facts.implicitHeight + 8 * welcome.unit : 0)
        readonly property int lowering: Math.max(0, Math.round((height - used) * 0.42))

        Headline {
            id: lead
            visible: text !== ""
            y: sheaf.lowering
            span: sheaf.width
            horizontalAlignment: Text.AlignHCenter
            text: welcome.led ? welcome.shown.lead : ""
            color: welcome.ink
        }

        Headline {
            id: guests
            y: lead.y + lead.height + 3 * welcome.unit
            span: sheaf.width
            leading: 1.28
            horizontalAlignment: Text.AlignHCenter
            text: welcome.shown.guests
            color: welcome.ink
        }

        Rectangle {
            visible: facts.kept > 0
            anchors.horizontalCenter: parent.horizontalCenter
            y: guests.y + guests.height + 3 * welcome.unit
            width: 4 * welcome.legible
            height: Math.max(2, Math.round(welcome.unit / 2))
            color: welcome.hairline
        }

        Facts {
            id: facts
            y: guests.y + guests.height + 8 * welcome.unit
            width: sheaf.width
            model: welcome.shown.facts
            legible: welcome.legible
            centred: true
            ink: welcome.ink
            inkSoft: welcome.inkSoft
            accent: welcome.ink
        }
    }
}
