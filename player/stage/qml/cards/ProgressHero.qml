// One project, large: how far it is, how that stands to its plan, in words and on a bar, and what
// more there is to say where there is room for it.
import QtQuick
import "../theme"

Item {
    id: hero

    // {figure, unit, verdict, bar, planned, lines} of the face.
    property var told: ({})
    // Is the zone a wide one?  Then words stand beside the figure.
    property bool wide: true
    property int legible: 40
    property int unit: 8
    property color ink: Theme.ink
    property color inkSoft: Theme.inkSoft
    property color accent: Theme.ink
    property color ground: Theme.paper

    readonly property string figure: told.figure || ""
    readonly property string verdict: told.verdict || ""
    readonly property string planned: told.planned || ""
    readonly property var lines: told.lines || []
    readonly property int line: Math.round(legible * 1.42)

    // How it is set.
    property int figureSize: legible
    property int verdictSize: legible
    property int kept: 0
    // On how many lines the words stand.
    property int verdictLines: 1
    property int keptLines: 0
    property bool scaled: false
    property bool beside: true
    property int gap: unit

    readonly property int unitSize: Math.max(legible, Math.round(figureSize * 0.5))
    readonly property int figureHeight: figure === "" ? 0 : Math.round(figureSize * 1.12)
    readonly property int figureWidth: figure === "" ? 0 : Math.ceil(
        (digits.advanceWidth(figure) * figureSize + digits.advanceWidth("%") * unitSize) / 100)
    readonly property int wordsLeft: beside && figure !== "" ? figureWidth + legible : 0
    readonly property int wordsWidth: width - wordsLeft
    readonly property int verdictHeight: verdictLines * Math.round(verdictSize * 1.42)
    readonly property int linesHeight: keptLines * line
    readonly property int headHeight: beside
        ? Math.max(figureHeight, verdictHeight + linesHeight) : figureHeight + verdictHeight
    readonly property int thick: Math.round(Math.max(0.55 * legible, Math.min(1.2 * legible, figureSize * 0.3)))
    readonly property int barTop: headHeight + (headHeight > 0 ? gap : 0) + Math.round(thick * 0.4)
    readonly property int barHeight: Math.round(thick * 1.4) + (scaled ? line : 0)

    implicitHeight: barTop + barHeight + (beside || kept === 0 ? 0 : gap + linesHeight)

    // As large as `most` pixels allow, `alone` larger than with others below; what is said besides
    // goes, the last first, before the figure becomes small.
    function fit(most, alone) {
        const scales = alone ? [7.5, 6.5, 5.5, 4.6, 4, 3.2, 2.6, 2, 1.6, 1.3, 1] : [4.6, 4, 3.6, 3.2, 2.8, 2.4, 2.2]
        for (let part = lines.length; part >= -1; --part)
            for (const scale of scales)
                if ((scale >= 2.2 || part <= 0) && fits(part, scale, most))
                    return
    }

    function fits(part, scale, most) {
        kept = Math.max(0, part)
        scaled = part >= 0
        figureSize = Math.round(legible * scale)
        gap = Math.round(Math.min(4 * unit, Math.max(unit, most * 0.04)))
        const sides = wide && part >= 0 ? [true] : wide || most < 7 * legible ? [true, false] : [false]
        for (const side of sides) {
            beside = side
            keptLines = lines.slice(0, kept).reduce((sum, text) =>
                sum + sans.lines(text, legible, Math.max(legible, beside ? wordsWidth : width)), 0)
            const words = [2, 1.7, 1.4, 1.2, 1.1, 1].filter(each => each === 1 || each <= scale * 0.5)
                .filter(each => !side || part < 1 || each >= Math.min(2, scale * 0.4))
            for (const each of words) {
                verdictSize = Math.round(legible * each)
                verdictLines = verdict === "" ? 0
                    : serifs.lines(verdict, verdictSize, Math.max(legible, wordsWidth))
                if (verdictLines < 2 && figureWidth <= width && implicitHeight <= most)
                    return true
            }
        }
        return false
    }

    FontMetrics {
        id: digits
        font { family: Theme.sans; pixelSize: 100; weight: Font.Bold; features: { "tnum": 1 } }
    }
    Cutter { id: sans }
    Cutter { id: serifs; family: Theme.serif; weight: Font.Bold }

    Item {
        visible: hero.figure !== ""
        y: hero.beside ? Math.round((hero.headHeight - height) / 2) : 0
        width: hero.figureWidth
        height: hero.figureHeight

        Text {
            id: number
            y: Math.round((hero.figureHeight - height) / 2 - hero.figureSize * 0.03)
            text: hero.figure
            textFormat: Text.PlainText
            color: hero.accent
            font { family: Theme.sans; pixelSize: hero.figureSize; weight: Font.Bold
                   features: { "tnum": 1 } }
        }

        Text {
            anchors.right: parent.right
            anchors.baseline: number.baseline
            text: hero.told.unit || ""
            textFormat: Text.PlainText
            color: hero.accent
            font { family: Theme.sans; pixelSize: hero.unitSize; weight: Font.Bold }
        }
    }

    Text {
        id: judgement
        visible: text !== ""
        x: hero.wordsLeft
        y: hero.beside ? Math.round((hero.headHeight - hero.verdictHeight - hero.linesHeight) / 2)
                       : hero.figureHeight
        width: hero.wordsWidth
        text: hero.verdict
        textFormat: Text.PlainText
        wrapMode: Text.Wrap
        lineHeightMode: Text.FixedHeight
        lineHeight: Math.round(hero.verdictSize * 1.42)
        color: hero.ink
        font { family: Theme.serif; pixelSize: hero.verdictSize; weight: Font.Bold }
    }

    Text {
        visible: text !== ""
        x: hero.beside ? hero.wordsLeft : 0
        y: hero.beside ? judgement.y + hero.verdictHeight : hero.barTop + hero.barHeight + hero.gap
        width: hero.width - x
        text: hero.lines.slice(0, hero.kept).join("\n")
        textFormat: Text.PlainText
        wrapMode: Text.Wrap
        lineHeightMode: Text.FixedHeight
        lineHeight: hero.line
        color: hero.inkSoft
        font { family: Theme.sans; pixelSize: hero.legible; features: { "tnum": 1 } }
    }

    PlanBar {
        id: bar
        y: hero.barTop
        width: hero.width
        height: hero.thick
        told: hero.told.bar
        unit: hero.unit
        ink: hero.ink
        accent: hero.accent
        ground: hero.ground
    }

    // The ends of the scale; one gives way to the plan, which stands under its line.
    Repeater {
        model: hero.scaled ? ["0", "100%"] : []

        Text {
            required property string modelData
            required property int index
            visible: plan.text === "" || (index === 0 ? contentWidth + hero.legible / 2 < plan.x
                : x > plan.x + plan.contentWidth + hero.legible / 2)
            x: index === 0 ? 0 : hero.width - contentWidth
            y: plan.y
            height: hero.line
            verticalAlignment: Text.AlignVCenter
            text: modelData
            textFormat: Text.PlainText
            color: hero.inkSoft
            font { family: Theme.sans; pixelSize: hero.legible; features: { "tnum": 1 } }
        }
    }

    Text {
        id: plan
        visible: hero.scaled && text !== ""
        x: Math.max(0, Math.min(hero.width - contentWidth, bar.at(bar.plan) - Math.round(contentWidth / 2)))
        y: hero.barTop + Math.round(hero.thick * 1.4)
        height: hero.line
        verticalAlignment: Text.AlignVCenter
        text: hero.planned
        textFormat: Text.PlainText
        color: hero.ink
        font { family: Theme.sans; pixelSize: hero.legible; weight: Font.Medium; features: { "tnum": 1 } }
    }
}
