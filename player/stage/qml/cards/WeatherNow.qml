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

    readonly property int linesHigh: first.height + (other.visible ? other.height : 0)
    readonly property int signSize: signed && told.sky !== "" ? Math.min(Math.round(linesHigh * 1.12),
                                                                         Math.round(width * 0.5)) : 0
    readonly property int wordsWide: Math.ceil(Math.max(first.contentWidth, other.visible ? other.contentWidth : 0))
    readonly property int headWide: wordsWide + (signSize > 0 ? signSize + gap : 0)
    readonly property int headHigh: Math.max(linesHigh, signSize)
    readonly property int factsHigh: factsKept > 0 ? 3 * unit + facts.heightOf(factsKept) : 0

    // The largest size with which it has its place: facts go before the sign does, and the second line
    // last of all.
    function fit() {
        const most = withFacts ? told.facts.length : 0
        const tries = [[most, true, true], [0, true, true], [0, false, true], [0, true, false], [0, false, false]]
        for (const [kept, withSign, withSecond] of tries) {
            factsKept = kept
            signed = withSign
            second = withSecond && told.word !== "" && (measured || told.range !== "")
            for (const scale of [6.5, 5.6, 4.8, 4.2, 3.6, 3.1, 2.7, 2.3, 2, 1.7, 1.4, 1.2, 1].filter(each => kept === 0 || each > 1.9)) {
                first.font.pixelSize = Math.round(legible * Math.max(1, measured ? scale : scale * 0.5))
                other.font.pixelSize = Math.round(legible * Math.max(1, measured ? Math.min(2.4, scale * 0.42) : scale * 0.36))
                if (headWide <= width && headHigh + factsHigh <= height && (kept === 0 || facts.legibly))
                    return
            }
        }
    }

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
        width: now.width
        y: head.y + now.headHigh + 3 * now.unit
        model: now.told.facts
        kept: now.factsKept
        legible: now.legible
        centred: true
        ink: now.ink
        inkSoft: now.inkSoft
        accent: now.ink
    }
}
