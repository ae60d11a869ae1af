// A ticker: messages that run from right to left without an end.
// Where it stands depends on the time since the item began and nothing else: screens of one size
// agree, and a restart goes on in place.  The text is cut into pieces of a few dozen characters,
// and only the pieces in sight exist as items: what is drawn does not grow with the text.
import QtQuick
import "../theme"

Card {
    id: ticker

    readonly property int size: Math.max(legible, Math.min(Math.round(height * 0.5),
                                                           Math.round(legible * 1.6)))
    readonly property int mark: Math.round(size * 0.26)
    readonly property int gap: Math.round(size * 1.5)
    readonly property real speed: cardData.characters_per_s * size  // pixels a second

    // Where each piece starts, in whole pixels, and the length of one round.
    property var starts: []
    property var widths: []
    property int period: 1
    property int slots: 0

    // How far inside the zone the first message begins: there is time to read it.
    property int lead: 0

    property int scroll: 0
    property int first: 0

    function measure() {
        if (width <= 0 || height <= 0)
            return
        const lengths = cardData.pieces.map(piece => piece.kind === "separator"
            ? 2 * gap + mark : metrics.advanceWidth(piece.text))
        const whole = lengths.reduce((sum, length) => sum + length, 0)
        // Short messages stand well clear of their next appearance.
        const spare = Math.max(0, belt.width * 0.6 - whole)
        const separators = cardData.pieces.filter(piece => piece.kind === "separator").length
        const places = [], wide = []
        let x = 0
        for (let i = 0; i < lengths.length; ++i) {
            if (cardData.pieces[i].kind === "separator")
                lengths[i] += spare / separators
            places.push(Math.round(x))
            wide.push(Math.ceil(lengths[i]))
            x += lengths[i]
        }
        period = Math.ceil(x)
        lead = Math.round(belt.width * 0.35) % period
        starts = places
        widths = wide
        slots = most()
        scroll = first = 0
        place(offsetMs)
        ready = true
    }

    // The most pieces that can be in sight at once.
    function most() {
        let found = 1
        for (let i = 0; i < starts.length; ++i) {
            let n = i
            while (placeOf(n) < placeOf(i) + widths[i] + belt.width)
                ++n
            found = Math.max(found, n - i + 1)
        }
        return found
    }

    // The left edge of piece `n`, counted on through the rounds.
    function placeOf(n) {
        const round = Math.floor(n / starts.length)
        return round * period + starts[n - round * starts.length]
    }

    function place(ms) {
        // Rounds are counted in time, so that days do not wear the precision of a pixel.
        const roundMs = period / speed * 1000
        const at = (Math.floor((ms % roundMs) / 1000 * speed) + period - lead) % period
        let n = at < scroll ? 0 : first
        while (placeOf(n + 1) <= at)
            ++n
        scroll = at
        first = n
    }

    function colourOf(kind) {
        if (kind === "priority")
            return Theme.families.safety.glow
        return kind === "source" ? ticker.colours.glow : Theme.moon
    }

    onLayoutDue: measure()
    onOffsetMsChanged: if (ready) place(offsetMs)
    onRunningChanged: if (ready) place(offsetMs)

    FontMetrics {
        id: metrics
        font { family: Theme.sans; pixelSize: ticker.size }
    }

    FrameAnimation {
        running: ticker.running && ticker.ready
        onTriggered: ticker.place(ticker.offsetMs + elapsedTime * 1000)
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.night
    }

    Item {
        id: belt
        x: ticker.cardData.label !== "" ? tab.width : 0
        width: parent.width - x
        height: parent.height
        clip: true

        Item {
            x: -ticker.scroll
            // A Chinese letter's middle is a little below the middle of its line.
            y: -Math.round(ticker.size * 0.056)
            height: parent.height

            Repeater {
                model: ticker.slots

                Text {
                    required property int index
                    // Piece `number` always sits in the same slot: while it crosses the belt
                    // its text is set once.
                    readonly property int number: ticker.first
                        + (((index - ticker.first) % ticker.slots) + ticker.slots) % ticker.slots
                    readonly property var piece:
                        ticker.cardData.pieces[number % ticker.cardData.pieces.length]

                    x: ticker.placeOf(number)
                    height: parent.height
                    verticalAlignment: Text.AlignVCenter
                    text: piece.text
                    textFormat: Text.PlainText
                    color: ticker.colourOf(piece.kind)
                    font { family: Theme.sans; pixelSize: ticker.size }

                    Rectangle {
                        visible: piece.kind === "separator"
                        x: Math.round((ticker.widths[number % ticker.widths.length] - width) / 2)
                        anchors.verticalCenter: parent.verticalCenter
                        anchors.verticalCenterOffset: Math.round(ticker.size * 0.056)
                        width: ticker.mark
                        height: width
                        rotation: 45
                        color: ticker.colours.glow
                    }
                }
            }
        }
    }

    // Letters come up at one edge and go down at the other.
    Repeater {
        model: [0, 1]

        Rectangle {
            required property int index
            readonly property color clear: Qt.rgba(Theme.night.r, Theme.night.g, Theme.night.b, 0)
            x: index === 0 ? belt.x : ticker.width - width
            width: ticker.size
            height: parent.height
            gradient: Gradient {
                orientation: Gradient.Horizontal
                GradientStop { position: 0; color: index === 0 ? Theme.night : clear }
                GradientStop { position: 1; color: index === 0 ? clear : Theme.night }
            }
        }
    }

    Rectangle {
        id: tab
        visible: ticker.cardData.label !== ""
        width: tabWords.implicitWidth + 2 * ticker.gap * 0.7
        height: parent.height
        color: ticker.colours.text

        Text {
            id: tabWords
            anchors { centerIn: parent; verticalCenterOffset: -Math.round(ticker.size * 0.056) }
            text: ticker.cardData.label
            textFormat: Text.PlainText
            color: "white"
            font { family: Theme.serif; pixelSize: ticker.size; weight: Font.Bold }
        }
    }
}
