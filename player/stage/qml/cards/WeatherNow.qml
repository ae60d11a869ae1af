// The weather of now, or of today: its sign, the temperature as large as can be, a word; what else is
// known of it below, as far as there is room.
import QtQuick
import "../theme"

Item {
    id: now

    // {figure, range, sky, word, facts}
    property var told: ({ figure: "", range: "", sky: "", word: "", facts: [] })
    property int legible: 40
    property int unit: 8
    property bool withFacts: true
    property color ground: Theme.night
    property color ink: Theme.moon
    property color inkSoft: Theme.moonSoft

    readonly property bool measured: told.figure !== ""
    readonly property int gap: Math.round(legible * 0.6)
    property bool signed: true
    property bool second: true
    property int factsKept: 0
    property bool summed: false

    readonly property int figureSize: first.font.pixelSize
    readonly property int linesHigh: first.height + (second ? other.height : 0)
    readonly property int signSize: signed && told.sky !== "" ? Math.min(Math.round(linesHigh * 1.12),
                                                                         Math.round(width * 0.5)) : 0
    readonly property int wordsWide: Math.ceil(Math.max(first.contentWidth, second ? other.contentWidth : 0))
    readonly property int headWide: wordsWide + (signSize > 0 ? signSize + gap : 0)
    readonly property int headHigh: Math.max(linesHigh, signSize)
    readonly property int factsHigh: factsKept > 0 ? 3 * unit + facts.heightOf(factsKept)
        : summed ? 2 * unit + summary.height : 0

    // The largest size with which it has its place: facts go before the sign does, first from their
    // lines to running words, and the second line last of all.
    function fit() {
        summary.fit([[legible, 2]])
        const most = withFacts ? told.facts.length : 0
        const tries = [[most, false, true, true], [0, most > 0, true, true], [0, false, true, true],
                       [0, false, false, true], [0, false, true, false], [0, false, false, false]]
        for (const [kept, withSum, withSign, withSecond] of tries) {
            factsKept = kept
            summed = withSum
            signed = withSign
            second = withSecond && told.word !== "" && (measured || told.range !== "")
            const least = kept > 0 || withSum ? 2 : 1
            if ([6.5, 5.6, 4.8, 4.2, 3.6, 3.1, 2.7, 2.3, 2, 1.7, 1.4, 1.2, 1].some(scale => scale >= least && fitAt(scale)))
                return
        }
    }

    function fitAt(scale) {
        const sized = share => Math.round(legible * Math.max(1, scale * share))
        first.font.pixelSize = sized(measured ? 1 : 0.5)
        other.font.pixelSize = Math.min(sized(measured ? 0.42 : 0.36), Math.round(2.4 * legible))
        return headWide <= width && headHigh + factsHigh <= height && (factsKept === 0 || facts.legibly)
            && (!summed || (summary.lineCount <= 2 && summary.contentWidth <= width))
    }

    // Broken between facts, not inside of one.
    function whole(part) { return part.replace(/ /g, "\u00a0").split("").join("\u2060") }

    component Line: Text {
        width: Math.ceil(contentWidth)
        height: Math.round(font.pixelSize * 1.36)
        verticalAlignment: Text.AlignVCenter
        textFormat: Text.PlainText
        color: now.ink
        font { family: Theme.sans; features: { "tnum": 1 } }
    }

    Item {
        id: head
        x: Math.max(0, Math.round((now.width - now.headWide) / 2))
        y: Math.max(0, Math.round((now.height - now.headHigh - now.factsHigh) * 0.46))
        width: now.headWide
        height: now.headHigh

        SkySign {
            y: Math.round((head.height - height) / 2)
            width: now.signSize
            height: now.signSize
            visible: now.signSize > 0
            sky: now.told.sky
            ground: now.ground
        }

        Item {
            x: now.signSize > 0 ? now.signSize + now.gap : 0
            y: Math.round((head.height - now.linesHigh) / 2)

            Line {
                id: first
                text: now.measured ? now.told.figure : now.told.word || now.told.range
                height: Math.round(font.pixelSize * (now.measured ? 1.14 : 1.36))
                font.weight: now.measured ? Font.Medium : Font.Bold
            }

            Line {
                id: other
                visible: now.second
                y: first.height
                text: now.measured ? now.told.word : now.told.range
                color: now.measured ? now.ink : now.inkSoft
                font.weight: now.measured ? Font.Medium : Font.Normal
            }
        }
    }

    Facts {
        id: facts
        visible: now.factsKept > 0
        // Beside each other where there is room; else below what is large, as wide as that.
        width: now.width > 28 * now.legible ? now.width
             : Math.min(now.width, Math.max(now.headWide, 11 * now.legible))
        x: Math.round((now.width - width) / 2)
        y: head.y + now.headHigh + 3 * now.unit
        model: now.told.facts
        kept: now.factsKept
        legible: now.legible
        centred: width === now.width
        ink: now.ink
        inkSoft: now.inkSoft
        accent: now.ink
    }

    Headline {
        id: summary
        visible: now.summed
        x: 0
        y: head.y + now.headHigh + 2 * now.unit
        span: now.width
        horizontalAlignment: Text.AlignHCenter
        leading: 1.42
        text: now.told.facts.map(fact => now.whole(fact.short)).join("  ")
        color: now.inkSoft
        font { family: Theme.sans; weight: Font.Normal; features: { "tnum": 1 } }
    }
}
