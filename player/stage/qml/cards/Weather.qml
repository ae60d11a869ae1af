// 天气: what it is like now beside the coming days, above them where the zone is narrow, alone where it
// is very small; a warning above both.
import QtQuick

Sheet {
    id: weather

    slims: true
    air: wide ? 0.075 : 0.055
    ready: fitted
    night: true

    readonly property var now: cardData.now || null
    readonly property var warning: cardData.warning || null
    readonly property var days: cardData.days
    readonly property bool bare: empty && warning === null
    readonly property bool empty: now === null && days.length === 0
    readonly property bool warned: warning !== null
    readonly property int below: ceiling + (warned ? bar.height + (slim || tiny ? 1 : 3) * unit : 0)
    readonly property int room: floor - below
    readonly property bool abreast: paired
        || (wide && now !== null && days.length > 0 && room >= 5 * legible)
    // In a low zone days stand beside what is now as far as that keeps its place.
    property bool paired: false
    readonly property int daysWide: paired
        ? Math.max(Math.ceil(ahead.spanAt(false) * legible) + 1, ahead.signed ? Math.round(textWidth * 0.46) : 0)
        : Math.round(textWidth * 0.5)
    // Below what is now there must be room for three days, or all.
    readonly property int daysLeast: Math.min(3, days.length) * Math.round(1.7 * legible)
    readonly property bool listed: days.length > 0 && (now === null || abreast
        || (!slim && !tiny && room - daysLeast - 3 * unit >= 4 * legible))
    readonly property int nowHigh: !listed || abreast ? room
        : Math.max(4 * legible, Math.min(Math.round(room * 0.46),
                                         room - days.length * Math.round(2 * legible) - 3 * unit))

    onLayoutDue: {
        fitTitle()
        // A warning leaves what it is about its place: it is said shorter then.
        bar.fit(floor - ceiling - (empty ? 0 : (slim || tiny ? 2.6 : 6) * legible))
        fitNow()
        calm.fit([3, 2.4, 2, 1.6, 1.3, 1].map(scale => [Math.round(legible * scale), scale > 1.5 ? 2 : 5]),
                 room - 2 * unit)
        settle()
    }

    // What is now: as large as it goes, and beside the days no smaller than that, or than it must be.
    function fitNow() {
        paired = false
        ahead.signed = true
        current.fit()
        const alone = current.figureSize
        if (!slim || now === null || now.figure === "" || days.length === 0 || room < ahead.rowLeast)
            return
        paired = true
        for (const [withSigns, least] of [[true, 2], [false, 2], [false, 1.4]]) {
            ahead.signed = withSigns
            if (textWidth - daysWide - legible < 4 * legible)
                continue
            current.fit()
            if (current.signed && current.second && current.figureSize >= Math.min(alone, least * legible))
                return
        }
        paired = false
        ahead.signed = true
        current.fit()
    }

    WarningBar {
        id: bar
        visible: weather.warned
        x: weather.textLeft
        y: weather.ceiling
        width: weather.textWidth
        told: weather.warning
        legible: weather.legible
        unit: weather.unit
    }

    WeatherNow {
        id: current
        visible: weather.now !== null && height >= legible
        x: weather.textLeft
        y: weather.below
        width: weather.paired ? weather.textWidth - weather.daysWide - weather.legible
             : weather.abreast ? Math.round(weather.textWidth * 0.44) : weather.textWidth
        height: weather.nowHigh
        told: weather.now || { figure: "", range: "", sky: "", word: "", facts: [] }
        withFacts: !weather.slim && !weather.tiny
        legible: weather.legible
        unit: weather.unit
        ground: weather.ground
        ink: weather.ink
        inkSoft: weather.inkSoft
    }

    WeatherDays {
        id: ahead
        visible: weather.listed
        readonly property int free: weather.now === null || weather.abreast ? weather.room
                                    : weather.room - weather.nowHigh - 3 * weather.unit
        x: weather.abreast ? weather.textLeft + weather.textWidth - width : weather.textLeft
        y: weather.floor - free + Math.round((free - used) / 2)
        width: weather.abreast ? weather.daysWide : weather.textWidth
        height: Math.max(0, free)
        told: weather.days
        legible: weather.legible
        unit: weather.unit
        ground: weather.ground
        ink: weather.ink
        inkSoft: weather.inkSoft
        hairline: weather.hairline
    }

    Headline {
        id: calm
        visible: weather.bare
        x: weather.textLeft
        y: Math.round((weather.below + weather.floor - height) / 2)
        span: weather.textWidth
        horizontalAlignment: Text.AlignHCenter
        text: weather.cardData.empty
        color: weather.inkSoft
    }
}
