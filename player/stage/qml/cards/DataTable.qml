// Any rows under named columns, page by page, the head on each of them.
import QtQuick

Listing {
    mostAcross: 1
    leastGrow: 4
}
