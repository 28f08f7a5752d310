"""System messages by culture. Error ids never change with the culture; texts do, so nothing may match on them."""

from __future__ import annotations

CULTURES = ("en-US", "de-DE")

_WIN32: dict[int, tuple[str, str]] = {
    2: (
        "The system cannot find the file specified.",
        "Das System kann die angegebene Datei nicht finden.",
    ),
    5: ("Access is denied.", "Zugriff verweigert"),
    32: (
        "The process cannot access the file because it is being used by another process.",
        "Der Prozess kann nicht auf die Datei zugreifen, da sie von einem anderen Prozess verwendet wird.",
    ),
    50: ("The request is not supported.", "Die Anforderung wird nicht unterstützt."),
    52: (
        (
            "You were not connected because a duplicate name exists on the network. If joining a domain, go to System "
            "in Control Panel to change the computer name and try again. If joining a workgroup, choose another "
            "workgroup name."
        ),
        (
            "Es wurde keine Verbindung hergestellt, da ein doppelter Name im Netzwerk vorhanden ist. Wenn Sie einer "
            "Domäne beitreten, ändern Sie den Computernamen in der Systemsteuerung unter System, und wiederholen Sie "
            "den Vorgang. Wenn Sie einer Arbeitsgruppe beitreten, wählen Sie einen anderen Arbeitsgruppennamen."
        ),
    ),
    87: ("The parameter is incorrect.", "Falscher Parameter."),
    183: (
        "Cannot create a file when that file already exists.",
        "Eine Datei kann nicht erstellt werden, wenn sie bereits vorhanden ist.",
    ),
    1062: ("The service has not been started.", "Der Dienst wurde nicht gestartet."),
    1169: (
        "No matching interface was found for prefix (null).",
        "Für das Präfix (null) wurde keine übereinstimmende Schnittstelle gefunden.",
    ),
    1168: ("Element not found.", "Element nicht gefunden."),
    1306: (
        "Indicates two revision levels are incompatible.",
        "Gibt an, dass zwei Revisionsebenen inkompatibel sind.",
    ),
    1722: ("The RPC server is unavailable.", "Der RPC-Server ist nicht verfügbar."),
    1753: (
        "There are no more endpoints available from the endpoint mapper.",
        "Es sind keine weiteren Endpunkte von der Endpunktzuordnung verfügbar.",
    ),
    1726: ("The remote procedure call failed.", "Der Remoteprozeduraufruf ist fehlgeschlagen."),
    5010: ("The object already exists.", "Das Objekt ist bereits vorhanden."),
}

_TEXTS: dict[str, tuple[str, str]] = {
    "invalid_class": ("Invalid class", "Ungültige Klasse"),
    "port_keyword": (
        "One of the port keywords is invalid.",
        "Eines der Portschlüsselwörter ist ungültig.",
    ),
    "address_exists": (
        "Instance MSFT_NetIPAddress already exists",
        "Instanz MSFT_NetIPAddress ist bereits vorhanden",
    ),
    "route_exists": (
        "Instance MSFT_NetRoute already exists",
        "Instanz MSFT_NetRoute ist bereits vorhanden",
    ),
    "dns_invalid": (
        "The DNS server address is not valid.",
        "Die DNS-Serveradresse ist ungültig.",
    ),
    "gateway_exists": (
        "Instance DefaultGateway already exists",
        "Instanz DefaultGateway ist bereits vorhanden",
    ),
    "not_found_by": (
        "No {0} objects found with property '{1}' equal to '{2}'.  Verify the value of the property and retry.",
        (
            'Es wurden keine {0}-Objekte gefunden, deren Eigenschaft "{1}" auf "{2}" festgelegt ist. '
            "Überprüfen Sie den Wert der Eigenschaft, und wiederholen Sie den Vorgang."
        ),
    ),
    "not_found": (
        (
            "No matching {0} objects found by CIM query for instances of the {1} class on the  CIM server. "
            "Verify query parameters and retry."
        ),
        (
            "Von der CIM-Abfrage wurden keine übereinstimmenden {0}-Objekte für Instanzen der {1}-Klasse auf dem "
            "CIM-Server gefunden. Überprüfen Sie die Abfrageparameter, und wiederholen Sie den Vorgang."
        ),
    ),
    "object_exists": ("Object already exists", "Das Objekt ist bereits vorhanden"),
    "switch_not_found": (
        'Hyper-V was unable to find a virtual switch with name "{0}".',
        'Von Hyper-V wurde kein virtueller Switch mit dem Namen "{0}" gefunden.',
    ),
    "switch_criteria": (
        "No Ethernet switch could be found matching the specified criteria.",
        "Es wurde kein Ethernet-Switch gefunden, der den angegebenen Kriterien entspricht.",
    ),
    "switch_create_failed": (
        "Failed while creating virtual Ethernet switch.",
        "Fehler beim Erstellen des virtuellen Ethernet-Switches.",
    ),
    "switch_bound": (
        (
            "Failed while adding virtual Ethernet switch connections. "
            "External Ethernet adapter '{0}' is already bound to the Microsoft Virtual Switch protocol."
        ),
        (
            "Fehler beim Hinzufügen von Verbindungen des virtuellen Ethernet-Switches. "
            "Der externe Ethernet-Adapter '{0}' ist bereits an das Protokoll des virtuellen Switches gebunden."
        ),
    ),
    "switch_team": (
        (
            "Failed while adding virtual Ethernet switch connections. Attaching a virtual switch to an LBFO team is "
            "deprecated. Switch Embedded Teaming (SET) is an inbox replacement for this functionality. To override "
            "this block, use the AllowNetLbfoTeams option in New-VMSwitch."
        ),
        (
            "Fehler beim Hinzufügen von Verbindungen des virtuellen Ethernet-Switches. Das Anfügen eines virtuellen "
            "Switches an ein LBFO-Team ist veraltet. Switch Embedded Teaming (SET) ersetzt diese Funktion. Um diese "
            "Sperre aufzuheben, verwenden Sie die Option AllowNetLbfoTeams von New-VMSwitch."
        ),
    ),
    "switch_bind_failed": (
        (
            "Failed while adding virtual Ethernet switch connections.\n"
            "Ethernet port '{0}' bind failed: Element not found. (0x80070490)."
        ),
        (
            "Fehler beim Hinzufügen von Verbindungen des virtuellen Ethernet-Switches.\n"
            "Ethernet-Port '{0}': Fehler beim Binden: Element nicht gefunden. (0x80070490)."
        ),
    ),
    "service_not_found": (
        "Cannot find any service with service name '{0}'.",
        'Es kann kein Dienst mit dem Dienstnamen "{0}" gefunden werden.',
    ),
    "service_cannot_open": (
        "Service '{0} ({1})' cannot be started due to the following error: Cannot start service {1} on computer '.'.",
        (
            'Der Dienst "{0} ({1})" kann aufgrund des folgenden Fehlers nicht gestartet werden: Der Dienst "{1}" auf '
            'dem Computer "." kann nicht gestartet werden.'
        ),
    ),
    "service_stop_failed": (
        "Service '{0} ({1})' stop failed.",
        'Fehler beim Beenden des Diensts "{0} ({1})".',
    ),
    "service_dependents": (
        (
            "Cannot stop service '{0} ({1})' because it has dependent services. "
            "It can only be stopped if the Force flag is set."
        ),
        (
            'Der Dienst "{0} ({1})" kann nicht beendet werden, da andere Dienste von ihm abhängen. '
            'Er kann nur beendet werden, wenn das Flag "Force" festgelegt ist.'
        ),
    ),
}


def _pick(pair: tuple[str, str], culture: str) -> str:
    return pair[1] if culture.lower().startswith("de") else pair[0]


def win32_text(code: int, culture: str = "en-US") -> str:
    """Return Windows' text for a Win32 code."""
    pair = _WIN32.get(code)
    return _pick(pair, culture) if pair else f"Unknown error (0x{code:x})"


def text(key: str, culture: str, *args: object) -> str:
    """Return a message by its key, its places filled."""
    return _pick(_TEXTS[key], culture).format(*args)
