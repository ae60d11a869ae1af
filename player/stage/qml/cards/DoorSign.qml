// Is a room free, and until when: white on the colour of what it is, the word as large as can be.
// The word says it, too: nobody needs to tell the colours apart.
import QtQuick
import "../theme"

Rectangle {
    id: sign

    // {state, word, until, meeting: {title, organizer, hours} or null}
    property var told: ({ state: "free", word: "", until: "", meeting: null })
    // The name of the room, where it stands nowhere else.
    property string room: ""
    property int legible: 40
    property int unit: 8

    // What stays free around the words at least.
    property int margin: 0

    readonly property int pad: Math.max(margin, Math.round(Math.min(width, height) * 0.08))
    readonly property int span: width - 2 * pad
    readonly property color ink: told.state === "soon" ? Theme.night : "white"
    // What stands below the word, as far as there is room for it: until when comes first.
    property bool named: false
    property bool about: false
    readonly property int used: (named ? name.height + 2 * unit : 0) + word.height + until.height
        + (about ? title.height + hours.height + 5 * unit : 0)

    color: told.state === "busy" ? Theme.families.safety.text
         : told.state === "soon" ? Theme.families.safety.glow : Theme.families.service.text

    // The largest word with which all has its place: the meeting stands here only below a large one.
    function fit() {
        for (const [withName, withAbout] of [[true, true], [true, false], [false, false]]) {
            named = withName && room !== ""
            about = withAbout && told.meeting !== null
            for (const scale of [6, 5, 4.2, 3.6, 3, 2.5, 2.1, 1.8, 1.5, 1.2, 1].filter(each => !about || each >= 3.6))
                if (fitAt(scale))
                    return
        }
    }

    function fitAt(scale) {
        const sized = share => Math.round(legible * Math.max(1, scale * share))
        name.fit([[sized(0.4), 2]])
        word.fit([[sized(1), 1]])
        until.fit([[sized(0.5), 1], [sized(0.4), 1], [sized(0.4), 2]])
        title.fit([[sized(0.34), 2], [sized(0.26), 3], [legible, 4]])
        hours.fit([[legible, 2]])
        return word.lineCount === 1 && word.contentWidth <= span && until.lineCount <= 2
            && (!named || name.lineCount <= 2) && (!about || (title.lineCount <= 4 && hours.lineCount <= 2))
            && used <= height - 2 * pad
    }

    component Line: Headline {
        span: sign.span
        x: sign.pad
        horizontalAlignment: Text.AlignHCenter
        color: sign.ink
        leading: 1.25
    }

    Item {
        width: sign.width
        height: sign.used
        y: Math.round((sign.height - height) / 2)

        Line {
            id: name
            visible: sign.named
            text: sign.room
            font.family: Theme.sans
        }

        Line {
            id: word
            y: sign.named ? name.height + 2 * sign.unit : 0
            text: sign.told.word
        }

        Line {
            id: until
            y: word.y + word.height
            text: sign.told.until
            font { family: Theme.sans; features: { "tnum": 1 } }
        }

        Rectangle {
            visible: sign.about
            anchors.horizontalCenter: parent.horizontalCenter
            y: until.y + until.height + 2 * sign.unit
            width: 4 * sign.legible
            height: Math.max(2, Math.round(sign.unit / 2))
            color: sign.ink
            opacity: 0.5
        }

        Line {
            id: title
            visible: sign.about
            y: until.y + until.height + 5 * sign.unit
            text: sign.told.meeting ? sign.told.meeting.title : ""
        }

        Line {
            id: hours
            visible: sign.about
            y: title.y + title.height
            text: !sign.told.meeting ? "" : [sign.told.meeting.hours, sign.told.meeting.organizer]
                .filter(part => part !== "").join("　")
            font { family: Theme.sans; weight: Font.Medium; features: { "tnum": 1 } }
        }
    }
}
