// Loads one card after another for one side of a zone, out of sight, and tells when it stands.
// `model` is a CardModel: which card, with what, and whether it runs.
import QtQuick

Item {
    id: host

    required property QtObject model

    anchors.fill: parent

    // What the present card was given.  It travels as text, and reaches the card as a property of
    // an object: a map from Python, or an object among the properties of setSource, is never freed
    // (Qt 6.11: 2.8 and 0.3 KiB a card).
    property QtObject errand: null

    function load() {
        loader.source = ""
        if (host.errand)
            host.errand.destroy()
        host.errand = null
        if (host.model.source.toString() === "")
            return
        const given = JSON.parse(host.model.given)
        host.errand = errands.createObject(host, { cardData: given.cardData, files: given.files })
        loader.setSource(host.model.source, {
            errand: host.errand, offsetMs: given.offsetMs, spanMs: given.spanMs
        })
    }

    Component {
        id: errands

        QtObject {
            required property var cardData
            required property var files
        }
    }

    Loader {
        id: loader

        readonly property bool stands: status === Loader.Ready && item.ready

        anchors.fill: parent
        asynchronous: true
        onStandsChanged: if (stands) host.model.report_ready()
        onStatusChanged: if (status === Loader.Error) host.model.report_refused("the card's QML does not load: " + host.model.source)
    }

    Binding {
        target: loader.item
        property: "running"
        // The model may go before its host does.
        value: host.model !== null && host.model.running
        when: loader.status === Loader.Ready
        restoreMode: Binding.RestoreNone
    }

    Connections {
        target: host.model
        function onChanged() { host.load() }
        function onRenewed() { if (host.errand) host.errand.cardData = JSON.parse(host.model.fresh) }
    }
}
