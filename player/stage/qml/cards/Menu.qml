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

    Text {
        visible: menu.bare
        x: menu.textLeft
        y: Math.round((menu.ceiling + (menu.foretold ? next.y : menu.floor) - height) / 2)
        width: menu.textWidth
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        text: menu.cardData.empty
        textFormat: Text.PlainText
        color: menu.inkSoft
        font { family: Theme.serif; pixelSize: Math.round(menu.legible * 1.5) }
    }

    Item {
        id: next

        readonly property int pad: Math.round(menu.legible * 0.4)

        visible: menu.foretold
        x: menu.textLeft
        y: menu.floor - height
        width: menu.textWidth
        height: stacked ? label.height + dishes.contentHeight + 2 * pad
                        : Math.max(label.height, dishes.contentHeight) + 2 * pad
        readonly property bool stacked: label.contentWidth > width * 0.4

        // So many dishes are named as a line holds; two, on a high screen.
        function fit() {
            if (!menu.foretold)
                return
            const told = menu.cardData.next
            const fits = text => cutter.lines(text, menu.legible, dishes.width)
                                 <= (menu.height > menu.width ? 2 : 1)
            dishes.text = [told.text, ...told.shorter].find(fits) || told.shorter.pop() || told.text
        }

        Cutter { id: cutter }

        Rectangle {
            anchors.fill: parent
            radius: menu.unit
            color: menu.hairline
            opacity: 0.45
        }

        Text {
            id: label
            x: next.pad * 2
            y: next.pad
            height: Math.round(menu.legible * 1.42)
            verticalAlignment: Text.AlignVCenter
            text: menu.foretold ? menu.cardData.next.label : ""
            textFormat: Text.PlainText
            color: menu.accent
            font { family: Theme.sans; pixelSize: menu.legible; weight: Font.Bold
                   features: { "tnum": 1 } }
        }

        Text {
            id: dishes
            x: next.stacked ? label.x : label.x + label.contentWidth + menu.legible
            y: next.stacked ? label.y + label.height : next.pad
            width: next.width - x - 2 * next.pad
            textFormat: Text.PlainText
            wrapMode: Text.Wrap
            lineHeightMode: Text.FixedHeight
            lineHeight: Math.round(menu.legible * 1.42)
            color: menu.ink
            font { family: Theme.sans; pixelSize: menu.legible }
        }
    }
}
