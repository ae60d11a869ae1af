// Loads one card after another for one side of a zone, out of sight, and tells when it stands.
// `model` is a CardModel: which card, with what, and whether it runs.
import QtQuick

Item {
    id: host

    required property QtObject model

    anchors.fill: parent

    function load() {
        if (host.model.source.toString() === "")
            loader.source = ""
        else
            loader.setSource(host.model.source, host.model.given)
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
        value: host.model.running
        when: loader.status === Loader.Ready
        restoreMode: Binding.RestoreNone
    }

    Connections {
        target: host.model
        function onChanged() { host.load() }
    }
}
