// A bar from 0 to 100 per cent: filled as far as the work is done, with a line where it should be.
// What is missing between the two stands hollow.
import QtQuick
import "../theme"

Item {
    id: bar

    // {actual, plan}, in per cent; null: not known, and not drawn.
    property var told: null
    property int unit: 8
    property color ink: Theme.ink
    property color accent: Theme.ink
    property color ground: Theme.paper
    property color track: Theme.hairline

    readonly property real actual: told && typeof told.actual === "number" ? told.actual : -1
    readonly property real plan: told && typeof told.plan === "number" ? told.plan : -1
    readonly property int tick: Math.max(3, Math.round(height * 0.22))

    // Where a percentage stands, in pixels from the left.
    function at(percent) { return Math.round(width * percent / 100) }

    // The line never leaves the bar.
    readonly property int tickLeft: Math.max(0, Math.min(width - tick, at(plan) - Math.round(tick / 2)))

    Rectangle {
        anchors.fill: parent
        color: bar.track
    }

    Rectangle {
        visible: bar.actual > 0
        width: bar.at(bar.actual)
        height: bar.height
        color: bar.accent
    }

    Rectangle {
        visible: bar.actual >= 0 && bar.plan > bar.actual
        x: bar.at(bar.actual)
        width: bar.at(bar.plan) - x
        height: bar.height
        color: bar.ground
        border { width: Math.max(2, Math.round(bar.height * 0.12)); color: bar.accent }
    }

    Rectangle {
        visible: bar.plan >= 0
        x: bar.tickLeft - width / 4
        y: -Math.round(bar.height * 0.4)
        width: bar.tick * 2
        height: Math.round(bar.height * 1.8)
        color: bar.ground
    }

    Rectangle {
        visible: bar.plan >= 0
        x: bar.tickLeft
        y: -Math.round(bar.height * 0.4)
        width: bar.tick
        height: Math.round(bar.height * 1.8)
        color: bar.ink
    }
}
