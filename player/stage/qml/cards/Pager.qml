// Turns the pages of a card: which one stands depends on the time since the item began and on
// nothing else, so that screens agree and a restart goes on in place.
import QtQuick

Item {
    id: pager

    // What fades while the page turns.
    property Item leaf: null
    property int count: 1
    property int pageMs: 8000
    property real offsetMs: 0
    property bool running: false
    property int page: 0

    // Stand on the page that is due `offsetMs` into the item and, while running, turn from there.
    function join() {
        turn.stop()
        if (leaf)
            leaf.opacity = 1
        page = count < 2 ? 0 : Math.floor(offsetMs / pageMs) % count
        clock.stop()
        clock.interval = Math.max(1, pageMs - offsetMs % pageMs)
        if (running && count > 1)
            clock.start()
    }

    // How long a page stands with so many letters on all of them: the item's time is shared out.
    function spanOf(letters, askedS, itemMs) {
        if (askedS !== undefined && askedS !== null)
            return askedS * 1000
        const natural = Math.max(8000, letters / Math.max(1, count) * 160)
        return itemMs > 0 ? Math.max(4000, Math.min(natural, itemMs / Math.max(1, count))) : natural
    }

    onRunningChanged: join()
    onOffsetMsChanged: join()
    onPageMsChanged: join()

    Timer {
        id: clock
        repeat: true
        onTriggered: {
            interval = pager.pageMs
            turn.next = (pager.page + 1) % pager.count
            turn.restart()
        }
    }

    SequentialAnimation {
        id: turn
        property int next: 0
        NumberAnimation { target: pager.leaf; property: "opacity"; to: 0; duration: 240 }
        ScriptAction { script: pager.page = turn.next }
        NumberAnimation { target: pager.leaf; property: "opacity"; to: 1; duration: 360 }
    }
}
