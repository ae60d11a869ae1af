// 政治生日: whose day comes round, for how many years, and the pledge; the pledge alone on other days.
import QtQuick

Listing {
    mostAcross: 1
    // Where lines are dear, the day of joining goes before the names take several.
    leastGrow: slim || tiny ? 7 : width < 18 * legible ? 7.5 : 4
    closing: cardData.pledge
}
