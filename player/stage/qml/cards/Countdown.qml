// A countdown: to what, how many days, on which day; in the last hours, hours and minutes.
// In a zone too small for all, the days are what matters most, then to what, then on which day.
import QtQuick
import "../theme"

Sheet {
    id: countdown

    slims: true
    air: wide ? 0.075 : 0.055
    ready: fitted
    night: true

    readonly property bool worded: cardData.words === true
    readonly property int room: floor - ceiling
    readonly property int figureLeast: Math.round(legible * 1.7)
    readonly property bool roomy: !slim && !tiny
    readonly property bool leading: lead.text !== "" && lead.height + figureLeast + unit <= room
    readonly property bool dated: when.height + unit + (worded ? words.height : figureLeast
                                  + (leading ? lead.height + unit : 0)) <= room

    onLayoutDue: {
        fitTitle()
        const sized = scale => Math.round(legible * scale)
        fitLead(sized)
        when.fit()
        const leading = slim || tiny ? 1.1 : 1.32
        words.fit([5, 4, 3.3, 2.7, 2.2, 1.8, 1.5, 1.2, 1].map(scale => [sized(scale), scale > 2 ? 2 : 4]),
                  room - (roomy ? 3 * legible : 0))
        settle()
    }

    // What does not fit on a line takes two, as large as can be; 还有 has one of its own where that
    // costs no size.
    function fitLead(sized) {
        lead.text = cardData.lead
        const scales = roomy ? [2, 1.6, 1.3] : [1.3, 1.15, 1]
        lead.fit(scales.map(scale => [sized(scale), 1]))
        if (lead.lineCount === 1)
            return
        const parted = roomy && cardData.parts.length > 1 ? [cardData.parts.join("\n")] : []
        for (const scale of roomy ? [2, 1.6, 1.3, 1.15] : [1.3]) {
            for (const text of [...parted, cardData.lead]) {
                lead.text = text
                lead.fit([[sized(scale), 2]])
                if (lead.lineCount <= 2 && lead.contentWidth <= lead.span)
                    return
            }
        }
        lead.text = parted[0] || cardData.lead
        lead.fit([[legible, 2], [sized(1.15), 3], [legible, 4]])
    }

    Headline {
        id: lead
        visible: countdown.leading
        x: countdown.textLeft
        y: countdown.ceiling + (countdown.roomy ? Math.round((countdown.height - countdown.ceiling) * 0.06) : 0)
        span: countdown.textWidth
        leading: countdown.roomy ? 1.32 : 1.2
        horizontalAlignment: Text.AlignHCenter
        color: countdown.ink
    }

    Figure {
        readonly property int ends: countdown.dated ? when.y - countdown.unit : countdown.floor
        visible: !countdown.worded
        x: countdown.textLeft
        y: countdown.leading ? lead.y + lead.height + countdown.unit : countdown.ceiling
        width: countdown.textWidth
        height: Math.max(Math.ceil(1.1 * countdown.legible), ends - y)
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
        y: Math.round(((countdown.dated ? when.y : countdown.floor) + countdown.ceiling - height) / 2)
        span: countdown.textWidth
        leading: countdown.roomy ? 1.32 : 1.1
        horizontalAlignment: Text.AlignHCenter
        text: countdown.worded ? countdown.cardData.figure : ""
        color: countdown.colours.glow
    }

    // The day, the day of the week and the hour: in two lines if they need them, in one where lines
    // are dear, and then without what can be spared.
    Text {
        id: when
        visible: countdown.dated
        x: countdown.textLeft
        y: countdown.floor - height - (countdown.footed && countdown.roomy ? countdown.unit : 0)
        width: countdown.textWidth
        horizontalAlignment: Text.AlignHCenter
        textFormat: Text.PlainText
        wrapMode: Text.Wrap
        color: countdown.inkSoft
        font { family: Theme.sans; features: { "tnum": 1 }
               pixelSize: Math.round(countdown.legible * (countdown.roomy ? 1.1 : 1)) }

        function fit() {
            const [day, week, ...hour] = countdown.cardData.when.split("  ")
            const lines = [[day, week, ...hour].join("  "),
                           countdown.roomy ? day + "\n" + [week, ...hour].join("  ") : [day, ...hour].join("  ")]
            const fits = line => countdown.spanOf(line) * font.pixelSize / countdown.legible <= width
            text = lines.find(fits) || lines[1]
        }
    }
}
