// A ranking: places, names, figures; or two boards, the red one and the black one, side by side.
import QtQuick
import "../theme"

Sheet {
    id: ranking

    slims: true
    leastLines: two ? 8 : 6
    air: wide ? 0.075 : 0.055
    ready: fitted
    leaf: boards
    // In a low zone a board's name and a row of it.
    leastRoom: two ? 3.4 : 2

    // A board without rows does not take its turn.
    readonly property var shown: inTurn ? cardData.boards.filter(board => board.rows.length > 0)
                                        : cardData.boards
    readonly property bool two: cardData.boards.length > 1
    readonly property bool bare: cardData.boards.every(board => board.rows.length === 0)
    readonly property bool beside: wide
    // In a zone too small for both boards they take turns.
    readonly property bool inTurn: two && !wide && (slim || tiny)
    readonly property int gap: two ? 4 * unit : 0

    function fit() {
        fitTitle()
        calm.fitRoom()
        let most = 1, said = 0
        for (let i = 0; i < repeater.count; ++i) {
            const table = repeater.itemAt(i).table
            table.fit()
            most = Math.max(most, table.pages.length)
            said += table.letters
        }
        level()
        pageCount = inTurn ? Math.max(1, shown.length) * most : most
        letters = said
        settle()
    }

    // Two boards beside each other are set alike: as large, and as far apart.
    function level() {
        const tables = [...Array(repeater.count).keys()].map(n => repeater.itemAt(n).table)
        if (tables.length < 2)
            return
        const size = Math.min(...tables.map(table => table.size))
        const stretch = Math.min(...tables.map(table => table.stretch))
        for (const table of tables)
            table.setAt(size, stretch)
    }

    onLayoutDue: fit()

    Item {
        id: boards
        x: ranking.textLeft
        y: ranking.ceiling
        width: ranking.textWidth
        height: ranking.floor - ranking.ceiling

        Repeater {
            id: repeater
            model: ranking.bare ? [] : ranking.shown

            Item {
                id: board
                required property var modelData
                required property int index
                property alias table: table
                readonly property color tone: modelData.tone === "red" ? Theme.families.party.text
                    : modelData.tone === "black" ? Theme.ink : ranking.accent

                readonly property int share: ranking.two && !ranking.inTurn ? 2 : 1
                visible: !ranking.inTurn || ranking.page % repeater.count === index
                width: ranking.beside ? Math.floor((boards.width - ranking.gap) / share) : boards.width
                height: ranking.beside ? boards.height : Math.floor((boards.height - ranking.gap) / share)
                x: ranking.beside && !ranking.inTurn ? index * (width + ranking.gap) : 0
                y: ranking.beside || ranking.inTurn ? 0 : index * (height + ranking.gap)

                Rectangle {
                    id: name
                    visible: board.modelData.name !== ""
                    width: board.width
                    height: board.modelData.name === "" ? 0 : Math.round(ranking.legible
                                                                   * (ranking.slim ? 1.35 : 1.8))
                    color: board.tone

                    Text {
                        anchors.centerIn: parent
                        text: board.modelData.name
                        textFormat: Text.PlainText
                        color: "white"
                        font { family: Theme.serif; weight: Font.Bold
                               pixelSize: Math.round(ranking.legible * (ranking.slim ? 1 : 1.15)) }
                    }
                }

                Table {
                    id: table
                    y: name.height
                    width: board.width
                    height: board.height - name.height
                    // A place, a name and a figure need no head: its line is another row.
                    columns: ranking.slim ? board.modelData.columns.map(column =>
                        Object.assign({}, column, { label: "" })) : board.modelData.columns
                    rows: board.modelData.rows
                    legible: ranking.legible
                    unit: ranking.unit
                    page: ranking.inTurn ? Math.floor(ranking.page / repeater.count) : ranking.page
                    mostAcross: ranking.two ? 1 : 2
                    leastEms: 13
                    largest: ranking.slim ? 1 : 1.5
                    accent: board.tone
                }

                Text {
                    visible: board.modelData.rows.length === 0
                    anchors.centerIn: table
                    text: ranking.cardData.empty
                    textFormat: Text.PlainText
                    color: ranking.inkSoft
                    font { family: Theme.serif; pixelSize: Math.round(ranking.legible * 1.3) }
                }
            }
        }
    }

    Calm {
        id: calm
        visible: ranking.bare
        sheet: ranking
    }
}
