// What every card is to the stage, and what it knows of the screen.
// The stage sets `offsetMs` (how far into the item it joins) and `spanMs` (how long the item
// stands; 0: not known) before it sets `running`; a card moves only while `running`, and what it
// shows depends on the time since the item began, never on when it was loaded.
import QtQuick
import "../theme"

Item {
    id: card

    // Where things stand must be worked out: once, when all that changes at once has changed.
    signal layoutDue

    // Who makes a card gives it either both of these, or an object that has both.
    property QtObject errand: null
    property var cardData: errand ? errand.cardData : undefined
    property var files: errand ? errand.files : undefined

    property bool running: false
    property bool ready: false
    property real offsetMs: 0
    property real spanMs: 0

    // The height of the whole screen in this item's pixels: legibility is measured against it.
    property real screenHeight: Window.height > 0 ? Window.height : height

    readonly property int unit: Theme.unit(screenHeight)
    readonly property int legible: Theme.body(screenHeight)
    readonly property var colours: Theme.family(cardData.family)

    clip: true

    function layOutSoon() { soon.restart() }

    onCardDataChanged: layOutSoon()
    onWidthChanged: layOutSoon()
    onHeightChanged: layOutSoon()
    onScreenHeightChanged: layOutSoon()
    Component.onCompleted: layOutSoon()

    // A timer goes with its card.  Qt.callLater would call into one that is unloaded before its
    // turn comes, whose functions are gone by then (Qt 6.11: "... is not a function").
    Timer {
        id: soon

        interval: 0
        onTriggered: card.layoutDue()
    }
}
