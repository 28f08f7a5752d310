"""What the parser must know of .NET types: which names exist, which exceptions derive from which."""

# ruff: noqa: SIM905 - tables of words read best as words

from __future__ import annotations

import re
from typing import Final

_PRIMITIVES: Final = {
    "bool": "Boolean", "boolean": "Boolean", "byte": "Byte", "char": "Char", "datetime": "DateTime",
    "dbnull": "DBNull", "decimal": "Decimal", "double": "Double", "float": "Single", "int": "Int32",
    "int16": "Int16", "int32": "Int32", "int64": "Int64", "long": "Int64", "sbyte": "SByte",
    "short": "Int16", "single": "Single", "string": "String", "uint": "UInt32", "uint16": "UInt16",
    "uint32": "UInt32", "uint64": "UInt64", "ulong": "UInt64", "ushort": "UInt16",
}  # fmt: skip
INTEGERS: Final = frozenset({"Byte", "SByte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64"})

# Type accelerators of Windows PowerShell 5.1 and 7, and often used types of the namespaces that the
# engine always looks in (System) or that a script may name in full or by "using namespace".
_ACCELERATORS: Final = (
    "adsi adsisearcher alias allowemptycollection allowemptystring allownull argumentcompleter "
    "array bigint bool byte char cimclass cimconverter ciminstance cimsession cimtype "
    "cmdletbinding cultureinfo datetime decimal double dscproperty dscresource float guid "
    "hashtable initialsessionstate int int16 int32 int64 ipaddress ipendpoint iscriptextent long "
    "mailaddress moduleinfo nullstring objectsecurity ordered outputtype parameter "
    "physicaladdress powershell psaliasproperty pscredential pscustomobject psdefaultvalue "
    "pslistmodifier psmoduleinfo psnoteproperty psobject psprimitivedictionary "
    "pstypenameattribute psvariable psvariableproperty psscriptmethod psscriptproperty ref regex "
    "runspace runspacefactory sbyte scriptblock securestring short single string "
    "supportswildcards switch timespan type uint16 uint32 uint64 uint ulong ushort uri "
    "validatecount validatedrive validatelength validatenotnull validatenotnullorempty "
    "validatenotnullorwhitespace validatepattern validaterange validatescript validateset "
    "validatetrusteddata validateuserdrive version void wildcardpattern wmi wmiclass wmisearcher "
    "x500distinguishedname x509certificate xml dsclocalconfigurationmanager experimental "
    "experimentaction experimentalfeature noruns pssessionoption semver psdebugcontext"
).split()
_NAMESPACES: Final = {
    "System": (
        "Object Action AppDomain ArgumentException Array ArraySegment Attribute AttributeUsage "
        "BitConverter Boolean Buffer Byte Char Comparison Console ConsoleColor ConsoleKey Convert "
        "DateTime DateTimeKind DateTimeOffset DayOfWeek DBNull Decimal Delegate Double Enum "
        "Environment EventArgs EventHandler Exception Flags Func GC Guid IAsyncResult ICloneable "
        "IComparable IConvertible IDisposable IEquatable IFormatProvider IFormattable Int16 Int32 "
        "Int64 IntPtr Lazy Math MulticastDelegate Nullable Obsolete OperatingSystem Predicate "
        "Random RuntimeTypeHandle SByte Serializable Single String StringComparer "
        "StringComparison StringSplitOptions TimeSpan TimeZone TimeZoneInfo Tuple Type UInt16 "
        "UInt32 UInt64 UIntPtr Uri UriBuilder UriKind ValueType Version Void WeakReference "
        "Progress Activator Index Range"
    ),
    "System.Collections": (
        "ArrayList BitArray CollectionBase Comparer DictionaryBase DictionaryEntry Hashtable "
        "ICollection IComparer IDictionary IEnumerable IEnumerator IEqualityComparer IList Queue "
        "SortedList Stack"
    ),
    "System.Collections.Generic": (
        "Comparer Dictionary EqualityComparer HashSet ICollection IComparer IDictionary "
        "IEnumerable IEnumerator IEqualityComparer IList IReadOnlyCollection IReadOnlyDictionary "
        "IReadOnlyList ISet KeyValuePair LinkedList LinkedListNode List PriorityQueue Queue "
        "SortedDictionary SortedList SortedSet Stack"
    ),
    "System.Collections.Concurrent": (
        "BlockingCollection ConcurrentBag ConcurrentDictionary ConcurrentQueue ConcurrentStack"
    ),
    "System.Collections.ObjectModel": "Collection KeyedCollection ObservableCollection ReadOnlyCollection",
    "System.Collections.Specialized": (
        "NameValueCollection OrderedDictionary StringCollection StringDictionary"
    ),
    "System.ComponentModel": "BackgroundWorker Component DefaultValue Description INotifyPropertyChanged",
    "System.Diagnostics": "Debug EventLog FileVersionInfo Process ProcessStartInfo Stopwatch Trace",
    "System.Globalization": "CultureInfo DateTimeStyles NumberFormatInfo NumberStyles TextInfo",
    "System.IO": (
        "BinaryReader BinaryWriter Directory DirectoryInfo DriveInfo File FileAccess "
        "FileAttributes FileInfo FileMode FileShare FileStream FileSystemInfo FileSystemWatcher "
        "MemoryStream Path SearchOption SeekOrigin Stream StreamReader StreamWriter StringReader "
        "StringWriter TextReader TextWriter"
    ),
    "System.Linq": "Enumerable IGrouping Queryable",
    "System.Management.Automation": (
        "ActionPreference Alias ApplicationInfo ArgumentCompleter ArgumentTransformation "
        "ArgumentTransformationAttribute CmdletBinding CmdletInfo CommandInfo CommandTypes "
        "Credential CredentialAttribute ErrorCategory ErrorRecord FunctionInfo IArgumentCompleter "
        "IModuleAssemblyInitializer InvocationInfo IValidateSetValuesGenerator LanguagePrimitives "
        "PowerShell PSCmdlet PSCredential PSCustomObject PSMemberTypes PSModuleInfo "
        "PSNoteProperty PSObject PSParameterInfo PSReference PSTypeConverter PSVariable "
        "ScriptBlock SemanticVersion SwitchParameter ValidateArguments ValidateArgumentsAttribute "
        "ValidateEnumeratedArguments ValidateEnumeratedArgumentsAttribute WildcardPattern "
        "CompletionResult"
    ),
    "System.Net": (
        "Cookie CredentialCache Dns EndPoint HttpStatusCode HttpWebRequest ICredentials IPAddress "
        "IPEndPoint IPHostEntry NetworkCredential SecurityProtocolType ServicePointManager "
        "SocketAddress WebClient WebRequest WebResponse"
    ),
    "System.Net.NetworkInformation": (
        "IPGlobalProperties NetworkInterface OperationalStatus PhysicalAddress Ping PingReply"
    ),
    "System.Net.Sockets": (
        "AddressFamily NetworkStream ProtocolType Socket SocketType TcpClient TcpListener "
        "UdpClient"
    ),
    "System.Reflection": (
        "Assembly BindingFlags ConstructorInfo FieldInfo MemberInfo MethodInfo Module PropertyInfo"
    ),
    "System.Runtime.InteropServices": "DllImport Marshal OSPlatform RuntimeInformation StructLayout",
    "System.Security": "SecureString",
    "System.Security.AccessControl": "AccessControlSections DirectorySecurity FileSecurity FileSystemSecurity",
    "System.Security.Principal": "IdentityReference NTAccount SecurityIdentifier WindowsIdentity WindowsPrincipal",
    "System.Text": "ASCIIEncoding Encoding StringBuilder UnicodeEncoding UTF8Encoding",
    "System.Text.RegularExpressions": "Capture Group Match MatchCollection MatchEvaluator Regex RegexOptions",
    "System.Threading": "CancellationToken CancellationTokenSource Interlocked Monitor Mutex Thread Timer",
    "System.Threading.Tasks": "Parallel Task TaskFactory",
    "System.Xml": "XmlDocument XmlElement XmlNode XmlReader XmlWriter",
    "System.Numerics": "BigInteger Complex Vector",
}  # fmt: skip
_ATTRIBUTES: Final = frozenset(
    "alias allowemptycollection allowemptystring allownull argumentcompleter argumentcompletions "
    "cmdletbinding credential defaultvalue description dsclocalconfigurationmanager dscproperty "
    "dscresource experimental flags obsolete outputtype parameter psdefaultvalue pstypename "
    "serializable supportswildcards validatecount validatedrive validatelength validatenotnull "
    "validatenotnullorempty validatenotnullorwhitespace validatepattern validaterange "
    "validatescript validateset validatetrusteddata validateuserdrive"
    "attributeusage dllimport structlayout hidden argumenttransformation".split()
) - {"hidden"}

# exception<what it derives from; SMA is System.Management.Automation
_BASES: Final = dict(
    pair.replace("SMA.", "System.Management.Automation.").split("<")
    for pair in (
        "< SystemException<Exception ApplicationException<Exception AggregateException<Exception "
        "ArgumentException<SystemException ArgumentNullException<ArgumentException "
        "ArgumentOutOfRangeException<ArgumentException ArithmeticException<SystemException "
        "DivideByZeroException<ArithmeticException OverflowException<ArithmeticException "
        "NotFiniteNumberException<ArithmeticException ArrayTypeMismatchException<SystemException "
        "BadImageFormatException<SystemException FormatException<SystemException "
        "UriFormatException<FormatException IndexOutOfRangeException<SystemException "
        "InvalidCastException<SystemException InvalidOperationException<SystemException "
        "ObjectDisposedException<InvalidOperationException InvalidProgramException<SystemException "
        "NotImplementedException<SystemException NotSupportedException<SystemException "
        "PlatformNotSupportedException<NotSupportedException NullReferenceException<SystemException "
        "OperationCanceledException<SystemException OutOfMemoryException<SystemException "
        "RankException<SystemException StackOverflowException<SystemException "
        "TimeoutException<SystemException UnauthorizedAccessException<SystemException "
        "TypeInitializationException<SystemException AccessViolationException<SystemException "
        "System.IO.IOException<SystemException System.IO.DirectoryNotFoundException<System.IO.IOException "
        "System.IO.DriveNotFoundException<System.IO.IOException "
        "System.IO.EndOfStreamException<System.IO.IOException "
        "System.IO.FileLoadException<System.IO.IOException "
        "System.IO.FileNotFoundException<System.IO.IOException "
        "System.IO.PathTooLongException<System.IO.IOException "
        "System.IO.InvalidDataException<SystemException "
        "System.Collections.Generic.KeyNotFoundException<SystemException "
        "System.ComponentModel.Win32Exception<System.Runtime.InteropServices.ExternalException "
        "System.Runtime.InteropServices.ExternalException<SystemException "
        "System.Runtime.InteropServices.COMException<System.Runtime.InteropServices.ExternalException "
        "System.Net.WebException<InvalidOperationException "
        "System.Net.ProtocolViolationException<InvalidOperationException "
        "System.Net.Sockets.SocketException<System.ComponentModel.Win32Exception "
        "System.Net.NetworkInformation.PingException<InvalidOperationException "
        "System.Net.NetworkInformation.NetworkInformationException<System.ComponentModel.Win32Exception "
        "System.Net.Http.HttpRequestException<Exception System.Security.SecurityException<SystemException "
        "System.Security.Cryptography.CryptographicException<SystemException "
        "System.Security.Authentication.AuthenticationException<SystemException "
        "System.Reflection.TargetInvocationException<ApplicationException "
        "System.Threading.Tasks.TaskCanceledException<OperationCanceledException "
        "System.Threading.ThreadAbortException<SystemException System.Xml.XmlException<SystemException "
        "System.Runtime.Serialization.SerializationException<SystemException "
        "SMA.RuntimeException<SystemException SMA.ActionPreferenceStopException<SMA.RuntimeException "
        "SMA.CmdletInvocationException<SMA.RuntimeException "
        "SMA.CommandNotFoundException<SMA.RuntimeException "
        "SMA.DriveNotFoundException<SMA.SessionStateException "
        "SMA.IncompleteParseException<SMA.ParseException "
        "SMA.ItemNotFoundException<SMA.SessionStateException SMA.MetadataException<SMA.RuntimeException "
        "SMA.MethodException<SMA.ExtendedTypeSystemException "
        "SMA.MethodInvocationException<SMA.MethodException "
        "SMA.ExtendedTypeSystemException<SMA.RuntimeException "
        "SMA.ParameterBindingException<SMA.RuntimeException SMA.ParseException<SMA.RuntimeException "
        "SMA.PipelineStoppedException<SMA.RuntimeException "
        "SMA.ProviderInvocationException<SMA.RuntimeException "
        "SMA.ProviderNotFoundException<SMA.SessionStateException SMA.PSArgumentException<ArgumentException "
        "SMA.PSArgumentNullException<ArgumentNullException SMA.PSInvalidCastException<InvalidCastException "
        "SMA.PSInvalidOperationException<InvalidOperationException "
        "SMA.PSNotSupportedException<NotSupportedException SMA.PSSecurityException<SMA.RuntimeException "
        "SMA.RemoteException<SMA.RuntimeException SMA.ScriptCallDepthException<SystemException "
        "SMA.SessionStateException<SMA.RuntimeException SMA.StopUpstreamCommandsException<Exception "
        "SMA.ValidationMetadataException<SMA.MetadataException "
        "SMA.WildcardPatternException<SMA.RuntimeException "
        "SMA.Remoting.PSRemotingTransportException<SMA.RuntimeException "
        "Microsoft.Management.Infrastructure.CimException<Exception"
    ).split()
)


def _full(name: str) -> str:
    lowered = name.lower()
    return lowered if "." in lowered else "system." + lowered


_EXCEPTIONS: Final = {_full(name): _full(base) for name, base in _BASES.items()} | {"system.exception": ""}
_KNOWN: Final = {namespace.lower(): frozenset(names.lower().split()) for namespace, names in _NAMESPACES.items()}
_ALWAYS: Final = frozenset(_ACCELERATORS) | frozenset(_PRIMITIVES) | _KNOWN["system"]
_FOREIGN: Final = re.compile(r"(?i)(system|microsoft|windows)\.")


def primitive(name: str) -> str | None:
    """Return the .NET name (without ``System.``) of a type that a data section may name, or None."""
    lowered = name.lower().removeprefix("system.")
    return "Object" if lowered == "object" else _PRIMITIVES.get(lowered)


def is_void(name: str) -> bool:
    """Return whether a name means System.Void."""
    return name.lower() in {"void", "system.void"}


def is_reference(name: str) -> bool:
    """Return whether a name means [ref]."""
    return name.lower() in {"ref", "system.management.automation.psreference"}


def exception_name(name: str, namespaces: tuple[str, ...] = ()) -> str | None:
    """Return the full, lower-case name of an exception that is known, or None."""
    lowered = name.lower()
    for candidate in (lowered, "system." + lowered, *(f"{space.lower()}.{lowered}" for space in namespaces)):
        if candidate in _EXCEPTIONS:
            return candidate
    return None


def derives(name: str, base: str) -> bool:
    """Return whether an exception is another or derives from it; both as ``exception_name`` gives them."""
    while name:
        if name == base:
            return True
        name = _EXCEPTIONS.get(name, "")
    return False


def type_exists(name: str, namespaces: tuple[str, ...], *, attribute: bool = False) -> bool:
    """Return whether a type's simple or full name can be found.

    A full name in a namespace of .NET or Windows that is not listed here counts as found: the list is no
    copy of .NET.
    """
    lowered = name.lower().partition("`")[0]
    if attribute and (lowered in _ATTRIBUTES or lowered.removesuffix("attribute") in _ATTRIBUTES):
        return True
    if lowered in _ALWAYS or exception_name(lowered, namespaces):
        return True
    if _FOREIGN.match(lowered):
        return True
    if any(f"{space.lower()}.{lowered}".startswith("system.") for space in namespaces):
        known = [_KNOWN.get(space.lower()) for space in namespaces]
        if any(names is None or lowered in names for names in known):
            return True
    if any(_partly(space.lower(), lowered) for space in namespaces):
        return True
    for space, names in _KNOWN.items():
        head, dot, tail = lowered.rpartition(".")
        if dot and space == "system." + head and tail in names:
            return True
    return False


def _partly(space: str, name: str) -> bool:
    """Say whether ``using namespace`` and a partial name, such as System.Collections and Generic.List, name a type."""
    head, dot, tail = name.rpartition(".")
    known = _KNOWN.get(f"{space}.{head}")
    return bool(dot) and (tail in known if known is not None else _FOREIGN.match(f"{space}.") is not None)
