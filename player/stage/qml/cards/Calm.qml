// What a sheet says calmly in its middle when it has nothing to list, as large as its room allows.
import QtQuick

Headline {
    id: calm

    required property Sheet sheet
    // Where it ends at the latest, in pixels from the top.
    property int base: sheet.floor

    x: sheet.textLeft
    y: Math.round((sheet.ceiling + base - height) / 2)
    span: sheet.textWidth
    horizontalAlignment: Text.AlignHCenter
    leading: sheet.slim || sheet.tiny ? 1.15 : 1.32
    text: sheet.cardData.empty || ""
    color: sheet.inkSoft

    function fitRoom() {
        fit([3, 2.4, 2, 1.6, 1.3, 1].map(scale => [Math.round(sheet.legible * scale), scale > 1.5 ? 2 : 5]),
            base - sheet.ceiling - 2 * sheet.unit)
    }
}
