// 食堂菜单: the meal that is served now or comes next, its dishes and prices, and what follows it.
import QtQuick
import "../theme"

Sheet {
    id: menu

    slims: true
    air: wide ? 0.075 : 0.055
    ready: fitted && table.settled
    leaf: table

    readonly property bool bare: cardData.rows.length === 0
    readonly property bool foretold: cardData.next !== undefined && cardData.next !== null && !tiny
                                     && !slim && (bare || floor - ceiling > (wide ? 9 : 17) * legible)

    onLayoutDue: {
        fitTitle()
        next.fit()
        calm.fitRoom()
        table.fit()
        pageCount = table.pages.length
        letters = table.letters
        settle()
    }

    Table {
        id: table
        x: menu.textLeft
        y: menu.ceiling
        width: menu.textWidth
        height: (menu.foretold ? next.y - 3 * menu.unit : menu.floor) - y
        columns: menu.cardData.columns
        // Where hardly two rows stand, none of them is a heading.
        rows: menu.slim ? menu.cardData.rows.filter(row => !row.heading) : menu.cardData.rows
        files: menu.files
        legible: menu.legible
        unit: menu.unit
        page: menu.page
        mostAcross: 3
        leastEms: 12
        largest: 2
        accent: menu.accent
    }

    Calm {
        id: calm
        visible: menu.bare
        sheet: menu
        base: menu.foretold ? next.y : menu.floor
    }

    Coming {
        id: next
        visible: menu.foretold
        x: menu.textLeft
        y: menu.floor - height
        width: menu.textWidth
        told: menu.foretold ? menu.cardData.next : null
        legible: menu.legible
        unit: menu.unit
        lines: menu.height > menu.width ? 2 : 1
        ink: menu.ink
    }
}
