// A countdown: to what, how many days, on which day; in the last hours, hours and minutes.
import QtQuick
import "../theme"

Sheet {
    id: countdown

    slims: true
    air: wide ? 0.075 : 0.055
    ready: fitted
    night: true

    readonly property bool worded: cardData.words === true

    onLayoutDue: {
        fitTitle()
        const wide = scale => Math.round(legible * scale)
        lead.fit([[wide(2), 1], [wide(1.6), 1], [wide(1.3), 2], [wide(1.15), 3], [legible, 4]])
        words.fit([5, 4, 3.3, 2.7, 2.2, 1.8, 1.5, 1.2, 1].map(scale => [wide(scale), scale > 2 ? 2 : 4]),
                  floor - ceiling - 3 * legible)
        settle()
    }

    Headline {
        id: lead
        // In a zone too small for all, the days are what matters most.
        visible: text !== "" && height + 3 * countdown.legible < countdown.floor - countdown.ceiling
        x: countdown.textLeft
        y: countdown.ceiling + Math.round((countdown.height - countdown.ceiling) * 0.06)
        span: countdown.textWidth
        horizontalAlignment: Text.AlignHCenter
        transform: Translate { x: Math.round(lead.trim / 2) }
        text: countdown.cardData.lead
        color: countdown.ink
    }

    Figure {
        visible: !countdown.worded
        x: countdown.textLeft
        y: lead.visible ? lead.y + lead.height + countdown.unit : countdown.ceiling
        width: countdown.textWidth
        height: Math.max(countdown.legible, when.y - y - countdown.unit)
        text: countdown.cardData.figure
        unit: countdown.cardData.unit
        least: countdown.legible
        most: countdown.legible * 11
        ink: countdown.colours.glow
        inkSoft: countdown.ink
    }

    Headline {
        id: words
        visible: countdown.worded
        x: countdown.textLeft
        y: Math.round(((when.visible ? when.y : countdown.floor) + countdown.ceiling - height) / 2)
        span: countdown.textWidth
        leading: countdown.slim || countdown.tiny ? 1.15 : 1.32
        horizontalAlignment: Text.AlignHCenter
        transform: Translate { x: Math.round(words.trim / 2) }
        text: countdown.worded ? countdown.cardData.figure : ""
        color: countdown.colours.glow
    }

    Text {
        id: when
        visible: !countdown.worded
                 || words.height + height + countdown.unit <= countdown.floor - countdown.ceiling
        x: countdown.textLeft
        y: countdown.floor - height - (countdown.footed ? countdown.unit : 0)
        width: countdown.textWidth
        horizontalAlignment: Text.AlignHCenter
        text: countdown.cardData.when
        textFormat: Text.PlainText
        wrapMode: Text.Wrap
        color: countdown.inkSoft
        font { family: Theme.sans; pixelSize: Math.round(countdown.legible * 1.1)
               features: { "tnum": 1 } }
    }
}
