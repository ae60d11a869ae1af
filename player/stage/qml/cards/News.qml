// Headlines, newest first: each with how old it is at the right and, below, what it is about.  In a
// narrow zone the headline has the whole width, and below it stands how old it is and who says so.
import QtQuick

Listing {
    mostAcross: 1
    leastGrow: 10
    columns: wide ? cardData.columns : cardData.columns.filter(column => column.kind === "grow")
    rows: wide ? cardData.rows : cardData.rows.map(row => Object.assign({}, row, {
        cells: [row.cells[0]],
        note: row.cells.slice(1).reverse().filter(cell => cell !== "").join("　")
    }))
}
