// 政治生日: whose day comes round, for how many years, and the pledge; the pledge alone on other days.
import QtQuick

Listing {
    mostAcross: 1
    leastGrow: 4
    closing: cardData.pledge
}
