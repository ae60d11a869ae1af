// A sign for what the sky does, drawn of plain shapes on a grid of 100 by 100: `cards.skies` says which
// there are.  Nothing is drawn of what has no sign.
import QtQuick
import "../theme"

Item {
    id: sign

    // One of `cards.skies.SKIES`; "-night" behind it: with a moon in the place of the sun.
    property string sky: ""
    // What is behind it: parts stand clear of each other.
    property color ground: Theme.night

    readonly property string kind: sky.replace("-night", "")
    readonly property bool dark: sky !== kind
    readonly property real grid: Math.min(width, height) / 100
    // How many drops fall, how long they are, and so on; what is atX out is not there.
    readonly property var parts: ({
        "sunny": { alone: true },
        "cloudy": { peeps: true, cloud: 10 },
        "overcast": { cloud: 10, shade: true },
        "shower": { peeps: true, cloud: -2, drops: [0, 1, 0], length: 15 },
        "light-rain": { cloud: -6, drops: [0, 0], length: 15 },
        "rain": { cloud: -6, drops: [0, 1, 0], length: 19 },
        "heavy-rain": { cloud: -8, drops: [0, 1, 0, 1], length: 23 },
        "torrential": { cloud: -10, shade: true, drops: [0, 1, 0, 1, 0], length: 27 },
        "thunder": { cloud: -8, shade: true, drops: [0, 2, 0], length: 19 },
        "sleet": { cloud: -6, drops: [0, 3, 0], length: 17 },
        "freezing": { cloud: -10, drops: [0, 1, 0], length: 14, ice: true },
        "hail": { cloud: -6, drops: [4, 5, 4], length: 17 },
        "light-snow": { cloud: -6, drops: [3, 3], length: 17 },
        "snow": { cloud: -6, drops: [3, 6, 3], length: 17 },
        "heavy-snow": { cloud: -12, drops: [3, 6, 3, 6], length: 17 },
        "fog": { cloud: -10, mist: [[14, 86, 72], [24, 76, 87]] },
        "haze": { disc: true, mist: [[10, 40, 54], [50, 90, 54], [18, 66, 70], [76, 84, 70],
                                     [28, 54, 86], [64, 78, 86]], tone: "haze" },
        "dust": { mist: [[12, 52, 34], [62, 70, 34], [28, 84, 50], [14, 22, 50], [16, 58, 66],
                         [68, 86, 66], [30, 38, 82], [48, 76, 82]], tone: "sand" },
        "wind": { gusts: "mist" },
        "sandstorm": { gusts: "sand", mist: [[14, 20, 20], [32, 38, 14], [78, 84, 36], [66, 72, 86],
                                             [80, 86, 92], [14, 20, 90]], tone: "sand" }
    })[kind] || ({})

    component Part: Rectangle {
        property real atX
        property real atY
        property real wide
        property real high
        x: atX * sign.grid
        y: atY * sign.grid
        width: wide * sign.grid
        height: high * sign.grid
        radius: Math.min(width, height) / 2
        antialiasing: true
    }

    // A disc with rays, or a crescent: all that is not moon is ground.
    component Light: Item {
        id: light
        property real middleX
        property real middleY
        property real reach
        property bool whole: true

        Repeater {
            // Those that a cloud would cut are left out.
            model: sign.dark ? [] : light.whole ? [0, 1, 2, 3, 4, 5, 6, 7] : [7, 0, 1, 2]

            Part {
                required property int modelData
                atX: light.middleX - light.reach * 0.08
                atY: light.middleY - light.reach
                wide: light.reach * 0.16
                high: light.reach * 0.27
                color: Theme.sky.sun
                transform: Rotation {
                    origin { x: light.reach * 0.08 * sign.grid; y: light.reach * sign.grid }
                    angle: modelData * 45
                }
            }
        }

        Part {
            readonly property real half: light.reach * (sign.dark ? 0.72 : 0.56)
            atX: light.middleX - half
            atY: light.middleY - half
            wide: 2 * half
            high: 2 * half
            color: sign.dark ? Theme.sky.moon : Theme.sky.sun
        }

        Part {
            readonly property real half: light.reach * 0.62
            visible: sign.dark
            atX: light.middleX - half - light.reach * 0.36
            atY: light.middleY - half - light.reach * 0.24
            wide: 2 * half
            high: 2 * half
            color: sign.ground
        }
    }

    // Two heads on a body, with a rim of ground around them.
    component Cloud: Item {
        id: cloud
        property real atX
        property real atY
        property real share: 1
        property color tone: Theme.sky.cloud
        // From where and how large: body and heads.
        readonly property var lumps: [[0, 24, 76, 26], [10, 10, 32, 32], [27, 0, 40, 40]]

        Repeater {
            // Body and heads, each from where and how large; first all of them as rims.
            model: [-4, 0].reduce((all, rim) => all.concat(cloud.lumps.map(lump => [rim].concat(lump))), [])

            Part {
                required property var modelData
                readonly property real rim: modelData[0]
                atX: cloud.atX + modelData[1] * cloud.share + rim
                atY: cloud.atY + modelData[2] * cloud.share + rim
                wide: modelData[3] * cloud.share - 2 * rim
                high: modelData[4] * cloud.share - 2 * rim
                color: rim < 0 ? sign.ground : cloud.tone
            }
        }
    }

    component Flake: Item {
        id: flake
        property real middleX
        property real middleY
        property real span

        Repeater {
            model: 3

            Part {
                required property int index
                atX: flake.middleX - 2
                atY: flake.middleY - flake.span / 2
                wide: 4
                high: flake.span
                color: Theme.sky.snow
                rotation: index * 60
            }
        }
    }

    // Two slanted bars, the lower one a step to the right.
    component Bolt: Item {
        id: bolt
        property real atX
        property real atY

        Repeater {
            model: [[8, 0, 15], [5, 11, 18]]

            Rectangle {
                required property var modelData
                x: (bolt.atX + modelData[0]) * sign.grid
                y: (bolt.atY + modelData[1]) * sign.grid
                width: 9 * sign.grid
                height: modelData[2] * sign.grid
                color: Theme.sky.sun
                antialiasing: true
                transform: Matrix4x4 {
                    matrix: Qt.matrix4x4(1, -0.42, 0, modelData[2] * 0.42 * sign.grid,
                                         0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1)
                }
            }
        }
    }

    // A line of wind that curls up or down at its end.
    component Gust: Item {
        id: gust
        property real from
        property real till
        property real level
        property real curl: 10
        property bool up: true
        readonly property color tone: Theme.sky[sign.parts.gusts] || Theme.sky.mist

        Part {
            atX: gust.from
            atY: gust.level - 3
            wide: gust.till - gust.from + 3
            high: 6
            color: gust.tone
        }

        Part {
            atX: gust.till - 3
            atY: gust.level - 3 + (gust.up ? -2 : 2) * gust.curl
            wide: 6
            high: 6
            color: gust.tone
        }

        Item {
            x: gust.till * sign.grid
            y: (gust.level - 3 - (gust.up ? 2 * gust.curl : 0)) * sign.grid
            width: (gust.curl + 3) * sign.grid
            height: (2 * gust.curl + 6) * sign.grid
            clip: true

            Rectangle {
                x: -parent.width
                width: 2 * parent.width
                height: parent.height
                radius: height / 2
                color: "transparent"
                border { width: 6 * sign.grid; color: gust.tone }
                antialiasing: true
            }
        }
    }

    // Only what the sign has is made: a list has many signs, and its first frame is waited for.
    Loader {
        active: sign.parts.alone === true || sign.parts.peeps === true
        sourceComponent: Light {
            readonly property bool peeps: sign.parts.peeps === true
            whole: !peeps
            readonly property bool high: peeps && sign.parts.cloud < 0
            middleX: high ? 70 : peeps ? 66 : 50
            middleY: high ? 25 : peeps ? 34 : 50
            reach: high ? 27 : peeps ? 32 : 42
        }
    }

    Part {
        visible: sign.parts.disc === true
        atX: 32
        atY: 10
        wide: 36
        high: 36
        color: Theme.sky.haze
    }

    Loader {
        active: sign.parts.shade === true
        sourceComponent: Cloud {
            atX: 40
            atY: 12 + sign.parts.cloud
            share: 0.7
            tone: Theme.sky.shade
        }
    }

    Loader {
        active: sign.parts.cloud !== undefined
        sourceComponent: Cloud {
            atX: 10
            atY: 22 + sign.parts.cloud
            tone: sign.parts.shade ? Theme.sky.dull : Theme.sky.cloud
        }
    }

    // What falls out of the cloud: 0 a drop, 1 a lower one, 2 a flash, 3 a flake, 4 and 5 grains of
    // hail, 6 a lower flake.
    Repeater {
        model: sign.parts.drops || []

        Loader {
            id: fall
            required property int modelData
            required property int index
            readonly property int count: sign.parts.drops.length
            readonly property real middle: 48 + (index - (count - 1) / 2) * (count > 3 ? 15 : count > 2 ? 20 : 22)
            readonly property real under: 76 + sign.parts.cloud
            readonly property real span: sign.parts.length
            sourceComponent: [drop, drop, flash, flake, grain, grain, flake][modelData]

            Component {
                id: drop
                Item {
                    Part {
                        atX: fall.middle - 3
                        atY: fall.under + (fall.modelData === 1 ? 5 : 0)
                        wide: 6
                        high: fall.span
                        rotation: 18
                        color: Theme.sky.rain
                    }
                }
            }

            Component {
                id: flash
                Bolt {
                    atX: fall.middle - 11
                    atY: fall.under - 1
                }
            }

            Component {
                id: flake
                Flake {
                    middleX: fall.middle
                    middleY: fall.under + (fall.modelData === 6 ? 19 : 9)
                    span: fall.span
                }
            }

            Component {
                id: grain
                Item {
                    Part {
                        atX: fall.middle - 5
                        atY: fall.under + (fall.modelData === 5 ? 12 : 2)
                        wide: 11
                        high: 11
                        color: Theme.sky.snow
                    }
                }
            }
        }
    }

    Part {
        visible: sign.parts.ice === true
        atX: 18
        atY: 90
        wide: 62
        high: 6
        color: Theme.sky.snow
    }

    Repeater {
        model: sign.parts.mist || []

        Part {
            required property var modelData
            atX: modelData[0]
            atY: modelData[2] - 3
            wide: modelData[1] - modelData[0]
            high: 6
            color: Theme.sky[sign.parts.tone || "mist"]
        }
    }

    Repeater {
        model: sign.parts.gusts ? [[12, 56, 40, 10, true], [22, 70, 56, 11, false], [12, 42, 72, 8, false]] : []

        Gust {
            required property var modelData
            from: modelData[0]
            till: modelData[1]
            level: modelData[2]
            curl: modelData[3]
            up: modelData[4]
        }
    }
}
