pragma Singleton

// The look of everything the stage draws itself: colours, type, the grid.
// Sizes grow from the height of the screen, never from the zone: a small zone
// holds fewer words, not smaller ones.  Text only ever takes the pairs of
// colours listed here side by side; each reaches a contrast of 7:1.
import QtQuick

QtObject {
    readonly property string serif: "Noto Serif CJK SC"
    readonly property string sans: "Noto Sans CJK SC"

    // Text height, as a share of the screen's height, below which nothing is set.
    readonly property real legible: 0.037

    // How many letters of a text are read: what only holds them together is none.
    function lettersOf(text) { return text.replace(/[\u2060\u200b]/g, "").length }

    readonly property color paper: "#FBF9F4"
    readonly property color ink: "#1A1D21"
    readonly property color inkSoft: "#454B53"
    readonly property color hairline: "#D9D4C8"
    // The ground of what stands apart on paper; letters of a family's colour would be too faint.
    readonly property color tint: "#ECE8E0"

    readonly property color night: "#101820"
    readonly property color nightHigh: "#16212B"
    readonly property color nightLow: "#0B1117"
    readonly property color nightLine: "#2A3742"
    readonly property color moon: "#F4F1EA"
    readonly property color moonSoft: "#B9C0C4"

    // What signs of the weather are drawn with, on the night ground; no letters.
    readonly property var sky: ({
        "sun": "#FFC24B", "moon": "#F4E3B2", "cloud": "#E4E8EA", "dull": "#C3CCD2",
        "shade": "#98A5AE", "rain": "#6FC0F2", "snow": "#F4F1EA", "mist": "#B9C0C4", "haze": "#B7A58A",
        "sand": "#DDB36C"
    })

    // 预警: the colours of warnings and the letters on them, each pair 7:1.
    readonly property var warnings: ({
        "blue": { "ground": "#1B4B9E", "ink": "#FFFFFF" },
        "yellow": { "ground": "#FFD84D", "ink": "#101820" },
        "orange": { "ground": "#FF9B2E", "ink": "#101820" },
        "red": { "ground": "#A50E26", "ink": "#FFFFFF" },
        "": { "ground": "#2A3742", "ink": "#F4F1EA" }
    })

    // One family, one accent.  `mark` is for rules and bands, `text` for letters on paper and for
    // the ground of white letters, `glow` for letters and signs on the night ground, `line` for a
    // second, thin rule where the family has one.
    readonly property var families: ({
        "service": { "mark": "#00757C", "text": "#005A60", "glow": "#57B8B4" },
        "party": { "mark": "#C8102E", "text": "#A50E26", "glow": "#D4A017",
                   "line": "#D4A017" },
        "safety": { "mark": "#C8102E", "text": "#A50E26", "glow": "#FFC24B" }
    })

    function family(name) {
        return families[name] || families.service
    }

    // The grid: 8 px on a screen 1080 px high.
    function unit(screenHeight) {
        return Math.max(1, Math.round(screenHeight / 135))
    }

    // The smallest text that may be set, in whole pixels.
    function body(screenHeight) {
        return Math.ceil(screenHeight * legible)
    }
}
