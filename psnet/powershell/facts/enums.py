"""The enumerations that scripts about networking meet, with their numbers as Microsoft documents them."""

from __future__ import annotations

from typing import Final

_SMA: Final = "System.Management.Automation"
_SECURITY: Final = "Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetSecurity"
_TCPIP: Final = "Microsoft.PowerShell.Cmdletization.GeneratedTypes"


def _count(text: str, start: int = 0) -> dict[str, int]:
    return {name: start + place for place, name in enumerate(text.split())}


def _bits(text: str, zero: str | None = None) -> dict[str, int]:
    table = {zero: 0} if zero else {}
    table.update({name: 1 << place for place, name in enumerate(text.split())})
    return table


TABLE: Final[dict[str, dict[str, int]]] = {
    "System.DayOfWeek": _count("Sunday Monday Tuesday Wednesday Thursday Friday Saturday"),
    "System.Xml.XmlNodeType": _count(
        "None Element Attribute Text CDATA EntityReference Entity ProcessingInstruction Comment Document DocumentType "
        "DocumentFragment Notation Whitespace SignificantWhitespace EndElement EndEntity XmlDeclaration"
    ),
    "System.DateTimeKind": _count("Unspecified Utc Local"),
    "System.StringComparison": _count(
        "CurrentCulture CurrentCultureIgnoreCase InvariantCulture InvariantCultureIgnoreCase Ordinal OrdinalIgnoreCase"
    ),
    "System.StringSplitOptions": {"None": 0, "RemoveEmptyEntries": 1, "TrimEntries": 2},
    "System.MidpointRounding": _count("ToEven AwayFromZero ToZero ToNegativeInfinity ToPositiveInfinity"),
    "System.UriKind": _count("RelativeOrAbsolute Absolute Relative"),
    "System.UriHostNameType": _count("Unknown Basic Dns IPv4 IPv6"),
    "System.Base64FormattingOptions": {"None": 0, "InsertLineBreaks": 1},
    "System.TypeCode": {
        **_count(
            "Empty Object DBNull Boolean Char SByte Byte Int16 UInt16 Int32 UInt32 Int64 UInt64 Single Double "
            "Decimal DateTime"
        ),
        "String": 18,
    },
    "System.EnvironmentVariableTarget": _count("Process User Machine"),
    "System.PlatformID": _count("Win32S Win32Windows Win32NT WinCE Unix Xbox MacOSX"),
    "Microsoft.PowerShell.Commands.TestPathType": _count("Any Container Leaf"),
    f"{_SMA}.PSMemberViewTypes": {**_bits("Extended Adapted Base"), "All": 7},
    "System.ConsoleColor": _count(
        "Black DarkBlue DarkGreen DarkCyan DarkRed DarkMagenta DarkYellow Gray DarkGray Blue Green Cyan Red "
        "Magenta Yellow White"
    ),
    "System.Environment+SpecialFolder": {
        "Desktop": 0,
        "Programs": 2,
        "MyDocuments": 5,
        "StartMenu": 11,
        "ApplicationData": 26,
        "LocalApplicationData": 28,
        "CommonApplicationData": 35,
        "Windows": 36,
        "System": 37,
        "ProgramFiles": 38,
        "UserProfile": 40,
        "ProgramFilesX86": 42,
    },
    "System.Text.RegularExpressions.RegexOptions": {
        "None": 0,
        "IgnoreCase": 1,
        "Multiline": 2,
        "ExplicitCapture": 4,
        "Compiled": 8,
        "Singleline": 16,
        "IgnorePatternWhitespace": 32,
        "RightToLeft": 64,
        "ECMAScript": 256,
        "CultureInvariant": 512,
        "NonBacktracking": 1024,
    },
    "System.Text.NormalizationForm": {"FormC": 1, "FormD": 2, "FormKC": 5, "FormKD": 6},
    "System.Globalization.NumberStyles": {
        **_bits(
            "AllowLeadingWhite AllowTrailingWhite AllowLeadingSign AllowTrailingSign AllowParentheses "
            "AllowDecimalPoint AllowThousands AllowExponent AllowCurrencySymbol AllowHexSpecifier",
            "None",
        ),
        "Integer": 7,
        "HexNumber": 515,
        "Number": 111,
        "Float": 167,
        "Currency": 383,
        "Any": 511,
    },
    "System.Globalization.DateTimeStyles": {
        "None": 0,
        "AllowLeadingWhite": 1,
        "AllowTrailingWhite": 2,
        "AllowInnerWhite": 4,
        "AllowWhiteSpaces": 7,
        "NoCurrentDateDefault": 8,
        "AdjustToUniversal": 16,
        "AssumeLocal": 32,
        "AssumeUniversal": 64,
        "RoundtripKind": 128,
    },
    "System.Security.AccessControl.AccessControlSections": {
        "None": 0,
        "Audit": 1,
        "Access": 2,
        "Owner": 4,
        "Group": 8,
        "All": 15,
    },
    "System.IO.FileAttributes": {
        "None": 0,
        "ReadOnly": 1,
        "Hidden": 2,
        "System": 4,
        "Directory": 16,
        "Archive": 32,
        "Device": 64,
        "Normal": 128,
        "Temporary": 256,
        "SparseFile": 512,
        "ReparsePoint": 1024,
        "Compressed": 2048,
        "Offline": 4096,
        "NotContentIndexed": 8192,
        "Encrypted": 16384,
        "IntegrityStream": 32768,
        "NoScrubData": 131072,
    },
    "System.Reflection.BindingFlags": {
        "Default": 0,
        "IgnoreCase": 1,
        "DeclaredOnly": 2,
        "Instance": 4,
        "Static": 8,
        "Public": 16,
        "NonPublic": 32,
        "FlattenHierarchy": 64,
        "InvokeMethod": 256,
        "CreateInstance": 512,
        "GetField": 1024,
        "SetField": 2048,
        "GetProperty": 4096,
        "SetProperty": 8192,
    },
    "System.IO.FileMode": _count("CreateNew Create Open OpenOrCreate Truncate Append", 1),
    "System.IO.FileAccess": {"Read": 1, "Write": 2, "ReadWrite": 3},
    "System.IO.FileShare": {"None": 0, "Read": 1, "Write": 2, "ReadWrite": 3, "Delete": 4, "Inheritable": 16},
    "System.IO.SearchOption": _count("TopDirectoryOnly AllDirectories"),
    "System.IO.SeekOrigin": _count("Begin Current End"),
    "System.ComponentModel.ListSortDirection": _count("Ascending Descending"),
    "System.Net.Sockets.AddressFamily": {
        "Unknown": -1,
        "Unspecified": 0,
        "Unix": 1,
        "InterNetwork": 2,
        "Ipx": 6,
        "AppleTalk": 16,
        "NetBios": 17,
        "InterNetworkV6": 23,
    },
    "System.Net.Sockets.ProtocolType": {
        "Unknown": -1,
        "IP": 0,
        "Icmp": 1,
        "Igmp": 2,
        "Tcp": 6,
        "Udp": 17,
        "IPv6": 41,
        "IcmpV6": 58,
        "Raw": 255,
    },
    "System.Net.Sockets.SocketType": {
        "Unknown": -1,
        "Stream": 1,
        "Dgram": 2,
        "Raw": 3,
        "Rdm": 4,
        "Seqpacket": 5,
    },
    "System.Net.SecurityProtocolType": {
        "SystemDefault": 0,
        "Ssl3": 48,
        "Tls": 192,
        "Tls11": 768,
        "Tls12": 3072,
        "Tls13": 12288,
    },
    "System.Net.HttpStatusCode": {
        "Continue": 100,
        "OK": 200,
        "Created": 201,
        "Accepted": 202,
        "NoContent": 204,
        "MovedPermanently": 301,
        "Found": 302,
        "NotModified": 304,
        "BadRequest": 400,
        "Unauthorized": 401,
        "Forbidden": 403,
        "NotFound": 404,
        "MethodNotAllowed": 405,
        "RequestTimeout": 408,
        "Conflict": 409,
        "Gone": 410,
        "PreconditionFailed": 412,
        "InternalServerError": 500,
        "NotImplemented": 501,
        "BadGateway": 502,
        "ServiceUnavailable": 503,
        "GatewayTimeout": 504,
    },
    "System.Net.NetworkInformation.OperationalStatus": _count(
        "Up Down Testing Unknown Dormant NotPresent LowerLayerDown", 1
    ),
    "System.Net.NetworkInformation.NetworkInterfaceType": {
        "Unknown": 1,
        "Ethernet": 6,
        "Ppp": 23,
        "Loopback": 24,
        "GigabitEthernet": 117,
        "Wireless80211": 71,
        "Tunnel": 131,
    },
    "System.ServiceProcess.ServiceControllerStatus": _count(
        "Stopped StartPending StopPending Running ContinuePending PausePending Paused", 1
    ),
    "System.ServiceProcess.ServiceStartMode": _count("Boot System Automatic Manual Disabled"),
    "System.Security.Principal.WindowsBuiltInRole": {
        "Administrator": 544,
        "User": 545,
        "Guest": 546,
        "PowerUser": 547,
    },
    "Microsoft.Win32.RegistryValueKind": {
        "None": -1,
        "Unknown": 0,
        "String": 1,
        "ExpandString": 2,
        "Binary": 3,
        "DWord": 4,
        "MultiString": 7,
        "QWord": 11,
    },
    f"{_SMA}.ActionPreference": _count("SilentlyContinue Stop Continue Inquire Ignore Suspend Break"),
    f"{_SMA}.ConfirmImpact": _count("None Low Medium High"),
    f"{_SMA}.CommandOrigin": _count("Runspace Internal"),
    f"{_SMA}.ErrorCategory": _count(
        "NotSpecified OpenError CloseError DeviceError DeadlockDetected InvalidArgument InvalidData "
        "InvalidOperation InvalidResult InvalidType MetadataError NotImplemented NotInstalled ObjectNotFound "
        "OperationStopped OperationTimeout SyntaxError ParserError PermissionDenied ResourceBusy ResourceExists "
        "ResourceUnavailable ReadError WriteError FromStdErr SecurityError ProtocolError ConnectionError "
        "AuthenticationError LimitsExceeded QuotaExceeded NotEnabled"
    ),
    f"{_SMA}.CommandTypes": {
        "Alias": 1,
        "Function": 2,
        "Filter": 4,
        "Cmdlet": 8,
        "ExternalScript": 16,
        "Application": 32,
        "Script": 64,
        "Configuration": 256,
        "All": 383,
    },
    f"{_SMA}.PSMemberTypes": {
        "AliasProperty": 1,
        "CodeProperty": 2,
        "Property": 4,
        "NoteProperty": 8,
        "ScriptProperty": 16,
        "Properties": 31,
        "PropertySet": 32,
        "Method": 64,
        "CodeMethod": 128,
        "ScriptMethod": 256,
        "Methods": 448,
        "ParameterizedProperty": 512,
        "MemberSet": 1024,
        "Event": 2048,
        "Dynamic": 4096,
        "InferredProperty": 8192,
        "All": 16383,
    },
    f"{_SMA}.PSLanguageMode": _count("FullLanguage RestrictedLanguage NoLanguage ConstrainedLanguage"),
    f"{_SMA}.RemotingCapability": _count("None PowerShell SupportedByCommand OwnedByCommand"),
    f"{_SMA}.SessionStateEntryVisibility": _count("Public Private"),
    f"{_SMA}.ScopedItemOptions": {
        "None": 0,
        "ReadOnly": 1,
        "Constant": 2,
        "Private": 4,
        "AllScope": 8,
        "Unspecified": 16,
    },
    f"{_SMA}.WildcardOptions": {"None": 0, "Compiled": 1, "IgnoreCase": 2, "CultureInvariant": 4},
    f"{_SMA}.SplitOptions": {
        "SimpleMatch": 1,
        "RegexMatch": 2,
        "CultureInvariant": 4,
        "IgnorePatternWhitespace": 8,
        "Multiline": 16,
        "Singleline": 32,
        "IgnoreCase": 64,
        "ExplicitCapture": 128,
    },
    f"{_SMA}.ProgressRecordType": _count("Processing Completed"),
    f"{_SMA}.WhereOperatorSelectionMode": _count("Default First Last SkipUntil Until Split"),
    f"{_SMA}.ModuleType": _count("Script Binary Manifest Cim Workflow"),
    f"{_SMA}.Runspaces.RunspaceState": _count(
        "BeforeOpen Opening Opened Closed Closing Broken Disconnecting Disconnected Connecting"
    ),
    f"{_SMA}.PSInvocationState": _count("NotStarted Running Stopping Stopped Completed Failed Disconnected"),
    "Microsoft.PowerShell.ExecutionPolicy": {
        "Unrestricted": 0,
        "RemoteSigned": 1,
        "AllSigned": 2,
        "Restricted": 3,
        "Bypass": 4,
        "Undefined": 5,
    },
    "Microsoft.HyperV.PowerShell.VMSwitchType": _count("Private Internal External"),
    f"{_SECURITY}.Direction": {"Inbound": 1, "Outbound": 2},
    f"{_SECURITY}.Action": {"NotConfigured": 0, "Allow": 2, "Block": 4},
    f"{_SECURITY}.Enabled": {"True": 1, "False": 2},
    f"{_SECURITY}.EdgeTraversal": {"Block": 0, "Allow": 1, "DeferToUser": 2, "DeferToApp": 3},
    f"{_SECURITY}.Profile": {"Any": 0, "Domain": 1, "Private": 2, "Public": 4, "NotApplicable": 65535},
    f"{_SECURITY}.GpoBoolean": {"False": 0, "True": 1, "NotConfigured": 2},
    f"{_SECURITY}.InterfaceType": {"Any": 0, "Wired": 1, "Wireless": 2, "RemoteAccess": 4},
    f"{_SECURITY}.PrimaryStatus": _count("Unknown OK Inactive Error"),
    f"{_SECURITY}.PolicyStoreType": _count("None Local GroupPolicy Dynamic Generated Hardcoded MDM"),
    f"{_SECURITY}.DynamicTransport": _count(
        "Any ProximityApps ProximitySharing WifiDirectPrinting WifiDirectDisplay WifiDirectDevices"
    ),
    f"{_SECURITY}.Authentication": _count("NotRequired Required NoEncap"),
    f"{_SECURITY}.Encryption": _count("NotRequired Required Dynamic"),
    f"{_TCPIP}.NetIPAddress.AddressFamily": {"IPv4": 2, "IPv6": 23},
}

FLAGS: Final = frozenset(
    {
        "System.StringSplitOptions",
        "System.Base64FormattingOptions",
        "System.Text.RegularExpressions.RegexOptions",
        "System.Globalization.NumberStyles",
        "System.Globalization.DateTimeStyles",
        "System.Reflection.BindingFlags",
        "System.Security.AccessControl.AccessControlSections",
        "System.IO.FileAttributes",
        "System.IO.FileAccess",
        "System.IO.FileShare",
        "System.Net.SecurityProtocolType",
        f"{_SMA}.CommandTypes",
        f"{_SMA}.PSMemberTypes",
        f"{_SMA}.ScopedItemOptions",
        f"{_SMA}.WildcardOptions",
        f"{_SMA}.SplitOptions",
        f"{_SECURITY}.Profile",
        f"{_SECURITY}.InterfaceType",
    }
)

UNDERLYING: Final = {
    f"{_SECURITY}.{name}": "System.UInt16"
    for name in ("Direction", "Action", "Enabled", "EdgeTraversal", "Profile", "GpoBoolean")
}
