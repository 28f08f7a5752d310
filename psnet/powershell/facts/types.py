"""The .NET types that the engine knows: base type and interfaces, and PowerShell's short names.

A line is ``Name : base, interfaces``; without a base it is System.Object. ``ValueType`` marks a structure.
"""

from __future__ import annotations

from typing import Final

from .tree_types import TREE_TYPES

_TYPES: Final = """
System.Object :
System.ValueType :
System.Enum : System.ValueType, System.IComparable, System.IFormattable, System.IConvertible
System.Void : System.ValueType
System.Boolean : System.ValueType, System.IComparable, System.IConvertible
System.Byte : System.ValueType, System.IComparable, System.IFormattable, System.IConvertible
System.SByte : System.ValueType, System.IComparable, System.IFormattable, System.IConvertible
System.Int16 : System.ValueType, System.IComparable, System.IFormattable, System.IConvertible
System.UInt16 : System.ValueType, System.IComparable, System.IFormattable, System.IConvertible
System.Int32 : System.ValueType, System.IComparable, System.IFormattable, System.IConvertible
System.UInt32 : System.ValueType, System.IComparable, System.IFormattable, System.IConvertible
System.Int64 : System.ValueType, System.IComparable, System.IFormattable, System.IConvertible
System.UInt64 : System.ValueType, System.IComparable, System.IFormattable, System.IConvertible
System.Single : System.ValueType, System.IComparable, System.IFormattable, System.IConvertible
System.Double : System.ValueType, System.IComparable, System.IFormattable, System.IConvertible
System.Decimal : System.ValueType, System.IComparable, System.IFormattable, System.IConvertible
System.Numerics.BigInteger : System.ValueType, System.IComparable, System.IFormattable
System.Char : System.ValueType, System.IComparable, System.IConvertible
System.IntPtr : System.ValueType
System.UIntPtr : System.ValueType
System.DateTime : System.ValueType, System.IComparable, System.IFormattable, System.IConvertible
System.DateTimeOffset : System.ValueType, System.IComparable, System.IFormattable
System.TimeSpan : System.ValueType, System.IComparable, System.IFormattable
System.Guid : System.ValueType, System.IComparable, System.IFormattable
System.String : System.Object, System.IComparable, System.IConvertible, System.ICloneable, System.Collections.IEnumerable
System.Type : System.Reflection.MemberInfo
System.Reflection.MemberInfo :
System.RuntimeType : System.Reflection.TypeInfo
System.Reflection.TypeInfo : System.Type
System.Version : System.Object, System.ICloneable, System.IComparable
System.Uri :
System.Random :
System.Array : System.Object, System.ICloneable, System.Collections.IList, System.Collections.ICollection, System.Collections.IEnumerable
System.Delegate :
System.MulticastDelegate : System.Delegate
System.Action : System.MulticastDelegate
System.EventArgs :
System.Attribute :
System.FlagsAttribute : System.Attribute
System.ObsoleteAttribute : System.Attribute
System.Math :
System.Convert :
System.BitConverter :
System.Environment :
System.Console :
System.GC :
System.Activator :
System.StringComparer :
System.Nullable`1 : System.ValueType
System.Func`1 : System.MulticastDelegate
System.Func`2 : System.MulticastDelegate
System.Action`1 : System.MulticastDelegate
System.Tuple :
System.Tuple`1 :
System.Tuple`2 :
System.Tuple`3 :
System.Tuple`4 :
System.IComparable : interface
System.IFormattable : interface
System.IConvertible : interface
System.ICloneable : interface
System.IDisposable : interface
System.Collections.IEnumerable : interface
System.Collections.ICollection : interface
System.Collections.IList : interface
System.Collections.IDictionary : interface
System.Collections.IEnumerator : interface
System.Collections.IComparer : interface
System.Collections.Specialized.IOrderedDictionary : interface
System.Collections.Generic.IEnumerable`1 : interface
System.Collections.Generic.ICollection`1 : interface
System.Collections.Generic.IList`1 : interface
System.Collections.Generic.IDictionary`2 : interface
System.Collections.ArrayList : System.Object, System.Collections.IList, System.Collections.ICollection, System.Collections.IEnumerable, System.ICloneable
System.Collections.Hashtable : System.Object, System.Collections.IDictionary, System.Collections.ICollection, System.Collections.IEnumerable, System.ICloneable
System.Collections.Hashtable+KeyCollection : System.Object, System.Collections.ICollection, System.Collections.IEnumerable
System.Collections.Hashtable+ValueCollection : System.Object, System.Collections.ICollection, System.Collections.IEnumerable
System.Collections.Specialized.OrderedDictionary+OrderedDictionaryKeyValueCollection : System.Object, System.Collections.ICollection, System.Collections.IEnumerable
System.Collections.Generic.Dictionary`2+KeyCollection : System.Object, System.Collections.ICollection, System.Collections.IEnumerable
System.Collections.Generic.Dictionary`2+ValueCollection : System.Object, System.Collections.ICollection, System.Collections.IEnumerable
System.Management.Automation.PSBoundParametersDictionary : System.Collections.Generic.Dictionary`2, System.Collections.IDictionary, System.Collections.ICollection, System.Collections.IEnumerable
System.Collections.DictionaryEntry : System.ValueType
System.Management.Automation.RuntimeDefinedParameterDictionary : System.Collections.Generic.Dictionary`2, System.Collections.IDictionary, System.Collections.ICollection, System.Collections.IEnumerable
System.Management.Automation.RuntimeDefinedParameter :
System.Management.Automation.ParameterAttribute : System.Attribute
System.Management.Automation.AliasAttribute : System.Attribute
System.Management.Automation.ValidateSetAttribute : System.Attribute
System.Management.Automation.ValidateRangeAttribute : System.Attribute
System.Management.Automation.ValidateLengthAttribute : System.Attribute
System.Management.Automation.ValidateCountAttribute : System.Attribute
System.Management.Automation.ValidatePatternAttribute : System.Attribute
System.Management.Automation.ValidateScriptAttribute : System.Attribute
System.Management.Automation.ValidateNotNullAttribute : System.Attribute
System.Management.Automation.ValidateNotNullOrEmptyAttribute : System.Attribute
System.Management.Automation.AllowNullAttribute : System.Attribute
System.Management.Automation.AllowEmptyStringAttribute : System.Attribute
System.Management.Automation.AllowEmptyCollectionAttribute : System.Attribute
System.Management.Automation.SupportsWildcardsAttribute : System.Attribute
System.Collections.Stack : System.Object, System.Collections.ICollection, System.Collections.IEnumerable, System.ICloneable
System.Collections.Queue : System.Object, System.Collections.ICollection, System.Collections.IEnumerable, System.ICloneable
System.Collections.SortedList : System.Object, System.Collections.IDictionary, System.Collections.ICollection, System.Collections.IEnumerable
System.Collections.BitArray : System.Object, System.Collections.ICollection, System.Collections.IEnumerable
System.Collections.ListDictionaryInternal : System.Object, System.Collections.IDictionary, System.Collections.ICollection, System.Collections.IEnumerable
System.Collections.Specialized.OrderedDictionary : System.Object, System.Collections.IDictionary, System.Collections.Specialized.IOrderedDictionary, System.Collections.ICollection, System.Collections.IEnumerable
System.Collections.Specialized.StringCollection : System.Object, System.Collections.IList, System.Collections.ICollection, System.Collections.IEnumerable
System.Collections.Specialized.NameValueCollection : System.Object, System.Collections.ICollection, System.Collections.IEnumerable
System.Web.HttpValueCollection : System.Collections.Specialized.NameValueCollection
System.Web.HttpUtility :
System.Management.Automation.PSVariableAttributeCollection : System.Collections.ObjectModel.Collection`1
System.Management.Automation.ArgumentTypeConverterAttribute : System.Attribute
System.Collections.Generic.List`1 : System.Object, System.Collections.IList, System.Collections.ICollection, System.Collections.IEnumerable, System.Collections.Generic.IList`1, System.Collections.Generic.ICollection`1, System.Collections.Generic.IEnumerable`1
System.Collections.Generic.Dictionary`2 : System.Object, System.Collections.IDictionary, System.Collections.ICollection, System.Collections.IEnumerable, System.Collections.Generic.IDictionary`2
System.Collections.Generic.SortedDictionary`2 : System.Object, System.Collections.IDictionary, System.Collections.ICollection, System.Collections.IEnumerable, System.Collections.Generic.IDictionary`2
System.Collections.Generic.SortedList`2 : System.Object, System.Collections.IDictionary, System.Collections.ICollection, System.Collections.IEnumerable, System.Collections.Generic.IDictionary`2
System.Collections.Generic.KeyValuePair`2 : System.ValueType
System.Collections.Generic.HashSet`1 : System.Object, System.Collections.IEnumerable, System.Collections.Generic.ICollection`1, System.Collections.Generic.IEnumerable`1
System.Collections.Generic.SortedSet`1 : System.Object, System.Collections.ICollection, System.Collections.IEnumerable, System.Collections.Generic.ICollection`1, System.Collections.Generic.IEnumerable`1
System.Collections.Generic.Queue`1 : System.Object, System.Collections.ICollection, System.Collections.IEnumerable, System.Collections.Generic.IEnumerable`1
System.Collections.Generic.Stack`1 : System.Object, System.Collections.ICollection, System.Collections.IEnumerable, System.Collections.Generic.IEnumerable`1
System.Collections.Generic.LinkedList`1 : System.Object, System.Collections.ICollection, System.Collections.IEnumerable, System.Collections.Generic.IEnumerable`1
System.Collections.ObjectModel.Collection`1 : System.Object, System.Collections.IList, System.Collections.ICollection, System.Collections.IEnumerable, System.Collections.Generic.IList`1, System.Collections.Generic.ICollection`1, System.Collections.Generic.IEnumerable`1
System.Collections.ObjectModel.ReadOnlyCollection`1 : System.Object, System.Collections.IList, System.Collections.ICollection, System.Collections.IEnumerable, System.Collections.Generic.IEnumerable`1
System.Collections.Generic.EqualityComparer`1 :
System.Collections.Generic.GenericEqualityComparer`1 : System.Collections.Generic.EqualityComparer`1
System.Text.StringBuilder :
System.Text.Encoding :
System.Text.UTF8Encoding : System.Text.Encoding
System.Text.UnicodeEncoding : System.Text.Encoding
System.Text.UTF32Encoding : System.Text.Encoding
System.Text.ASCIIEncoding : System.Text.Encoding
System.Text.RegularExpressions.Regex :
System.Text.RegularExpressions.Capture :
System.Text.RegularExpressions.Group : System.Text.RegularExpressions.Capture
System.Text.RegularExpressions.Match : System.Text.RegularExpressions.Group
System.Text.RegularExpressions.MatchCollection : System.Object, System.Collections.ICollection, System.Collections.IEnumerable
System.Text.RegularExpressions.GroupCollection : System.Object, System.Collections.ICollection, System.Collections.IEnumerable
System.Text.RegularExpressions.CaptureCollection : System.Object, System.Collections.ICollection, System.Collections.IEnumerable
System.Globalization.CultureInfo :
System.Globalization.NumberFormatInfo :
System.Globalization.DateTimeFormatInfo :
System.Globalization.TextInfo :
System.IO.Path :
System.IO.File :
System.IO.Directory :
System.IO.FileSystemInfo : System.MarshalByRefObject
System.IO.FileInfo : System.IO.FileSystemInfo
System.IO.DirectoryInfo : System.IO.FileSystemInfo
System.IO.Compression.ZipFile :
System.IO.Stream : System.MarshalByRefObject
System.IO.MemoryStream : System.IO.Stream
System.IO.FileStream : System.IO.Stream
System.IO.TextReader : System.MarshalByRefObject
System.IO.StringReader : System.IO.TextReader
System.IO.StreamReader : System.IO.TextReader
System.MarshalByRefObject :
System.Diagnostics.Process :
System.Diagnostics.Stopwatch :
System.Threading.Thread :
System.TimeZoneInfo :
System.Net.IPAddress :
System.Net.IPEndPoint : System.Net.EndPoint
System.Net.EndPoint :
System.Net.Dns :
System.Net.IPHostEntry :
System.Net.WebClient :
System.Net.WebUtility :
System.Net.ServicePointManager :
System.Net.NetworkCredential :
System.Net.CredentialCache :
System.Net.Mail.MailAddress :
System.Net.NetworkInformation.PhysicalAddress :
System.Net.NetworkInformation.NetworkInterface :
System.Net.NetworkInformation.IPGlobalProperties :
System.Net.Sockets.TcpClient :
System.Net.Sockets.TcpListener :
System.Security.SecureString :
System.Security.AccessControl.ObjectSecurity :
System.Security.AccessControl.CommonObjectSecurity : System.Security.AccessControl.ObjectSecurity
System.Security.AccessControl.NativeObjectSecurity : System.Security.AccessControl.CommonObjectSecurity
System.Security.AccessControl.FileSystemSecurity : System.Security.AccessControl.NativeObjectSecurity
System.Security.AccessControl.DirectorySecurity : System.Security.AccessControl.FileSystemSecurity
System.Security.AccessControl.FileSecurity : System.Security.AccessControl.FileSystemSecurity
System.Security.Principal.IdentityReference :
System.Security.Principal.SecurityIdentifier : System.Security.Principal.IdentityReference
System.Security.Principal.NTAccount : System.Security.Principal.IdentityReference
System.Security.Principal.WindowsIdentity :
System.Security.Principal.WindowsPrincipal :
System.Security.Cryptography.HashAlgorithm :
System.Security.Cryptography.SHA1 : System.Security.Cryptography.HashAlgorithm
System.Security.Cryptography.SHA1CryptoServiceProvider : System.Security.Cryptography.SHA1
System.Security.Cryptography.SHA256 : System.Security.Cryptography.HashAlgorithm
System.Security.Cryptography.SHA384 : System.Security.Cryptography.HashAlgorithm
System.Security.Cryptography.SHA512 : System.Security.Cryptography.HashAlgorithm
System.Security.Cryptography.MD5 : System.Security.Cryptography.HashAlgorithm
System.Security.Cryptography.RandomNumberGenerator :
System.Security.Cryptography.X509Certificates.X509Certificate :
System.Security.Cryptography.X509Certificates.X509Certificate2 : System.Security.Cryptography.X509Certificates.X509Certificate
System.Runtime.InteropServices.Marshal :
System.Xml.XmlNode : System.Object, System.Collections.IEnumerable
System.Xml.XmlLinkedNode : System.Xml.XmlNode
System.Xml.XmlDocument : System.Xml.XmlNode
System.Xml.XmlElement : System.Xml.XmlLinkedNode
System.Xml.XmlAttribute : System.Xml.XmlNode
System.Xml.XmlCharacterData : System.Xml.XmlLinkedNode
System.Xml.XmlText : System.Xml.XmlCharacterData
System.Xml.XmlComment : System.Xml.XmlCharacterData
System.Xml.XmlCDataSection : System.Xml.XmlCharacterData
System.Xml.XmlDeclaration : System.Xml.XmlLinkedNode
System.Xml.XmlProcessingInstruction : System.Xml.XmlLinkedNode
System.Xml.XmlWhitespace : System.Xml.XmlCharacterData
System.Xml.XmlSignificantWhitespace : System.Xml.XmlCharacterData
System.Xml.XmlDocumentFragment : System.Xml.XmlNode
System.Xml.XPathNodeList : System.Xml.XmlNodeList
System.Xml.XmlChildNodes : System.Xml.XmlNodeList
System.Xml.XmlElementList : System.Xml.XmlNodeList
System.Xml.XmlNamedNodeMap : System.Object, System.Collections.IEnumerable
System.Xml.XmlAttributeCollection : System.Xml.XmlNamedNodeMap, System.Collections.ICollection
System.Xml.XmlNamespaceManager : System.Object, System.Collections.IEnumerable
System.Xml.XmlNameTable :
System.Xml.NameTable : System.Xml.XmlNameTable
System.Xml.XPath.XPathException : System.SystemException
System.Xml.XmlNodeList : System.Object, System.Collections.IEnumerable
System.Management.Automation.PSObject : System.Object, System.IFormattable, System.IComparable
System.Management.Automation.PSCustomObject :
System.Management.Automation.PSCredential :
System.Management.Automation.PSReference :
System.Management.Automation.PSVariable :
System.Management.Automation.ScriptBlock :
System.Management.Automation.SwitchParameter : System.ValueType
System.Management.Automation.SemanticVersion : System.Object, System.IComparable
System.Management.Automation.ErrorRecord :
System.Management.Automation.Runspaces.RemotingErrorRecord : System.Management.Automation.ErrorRecord
System.Management.Automation.ErrorCategoryInfo :
System.Management.Automation.ErrorDetails :
System.Management.Automation.InvocationInfo :
System.Management.Automation.InformationalRecord :
System.Management.Automation.WarningRecord : System.Management.Automation.InformationalRecord
System.Management.Automation.VerboseRecord : System.Management.Automation.InformationalRecord
System.Management.Automation.DebugRecord : System.Management.Automation.InformationalRecord
System.Management.Automation.InformationRecord :
System.Management.Automation.ProgressRecord :
System.Management.Automation.HostInformationMessage :
System.Management.Automation.PathInfo :
System.Management.Automation.CommandInfo :
System.Management.Automation.FunctionInfo : System.Management.Automation.CommandInfo
System.Management.Automation.FilterInfo : System.Management.Automation.FunctionInfo
System.Management.Automation.CmdletInfo : System.Management.Automation.CommandInfo
System.Management.Automation.AliasInfo : System.Management.Automation.CommandInfo
System.Management.Automation.ApplicationInfo : System.Management.Automation.CommandInfo
System.Management.Automation.ScriptInfo : System.Management.Automation.CommandInfo
System.Management.Automation.ExternalScriptInfo : System.Management.Automation.CommandInfo
System.Management.Automation.PSModuleInfo :
System.Management.Automation.PSTypeName :
System.Management.Automation.PSMemberInfo :
System.Management.Automation.PSMethodInfo : System.Management.Automation.PSMemberInfo
System.Management.Automation.PSMethod : System.Management.Automation.PSMethodInfo
System.Management.Automation.PSScriptMethod : System.Management.Automation.PSMethodInfo
System.Management.Automation.PSPropertyInfo : System.Management.Automation.PSMemberInfo
System.Management.Automation.PSProperty : System.Management.Automation.PSPropertyInfo
System.Management.Automation.PSAdaptedProperty : System.Management.Automation.PSProperty
System.Management.Automation.PSNoteProperty : System.Management.Automation.PSPropertyInfo
System.Management.Automation.PSAliasProperty : System.Management.Automation.PSPropertyInfo
System.Management.Automation.PSScriptProperty : System.Management.Automation.PSPropertyInfo
System.Management.Automation.PSPrimitiveDictionary : System.Collections.Hashtable
System.Management.Automation.PSMemberInfoIntegratingCollection`1 :
System.OrdinalIgnoreCaseComparer : System.StringComparer
System.Management.Automation.PSSerializer :
System.Management.Automation.WildcardPattern :
System.Management.Automation.LanguagePrimitives :
System.Management.Automation.Runspaces.Runspace :
System.Management.Automation.Runspaces.RunspaceFactory :
System.Management.Automation.Runspaces.InitialSessionState :
System.Management.Automation.PowerShell :
System.Management.Automation.Language.Parser :
System.Management.Automation.Language.Ast :
System.Management.Automation.Language.CodeGeneration :
System.Management.Automation.Internal.AutomationNull :
System.Management.Automation.Interpreter.InterpretedFrameInfo : System.ValueType
Microsoft.Management.Infrastructure.CimInstance :
Microsoft.Management.Infrastructure.CimSession :
Microsoft.Management.Infrastructure.CimClass :
Microsoft.PowerShell.Commands.MemberDefinition :
Microsoft.PowerShell.Commands.GroupInfo :
Microsoft.PowerShell.Commands.GroupInfoNoElement : Microsoft.PowerShell.Commands.GroupInfo
Microsoft.PowerShell.Commands.MeasureInfo :
Microsoft.PowerShell.Commands.GenericMeasureInfo : Microsoft.PowerShell.Commands.MeasureInfo
Microsoft.PowerShell.Commands.TextMeasureInfo : Microsoft.PowerShell.Commands.MeasureInfo
Microsoft.Win32.Registry :
Microsoft.Win32.RegistryKey : System.MarshalByRefObject
System.Exception :
System.SystemException : System.Exception
System.ApplicationException : System.Exception
System.AggregateException : System.Exception
System.ArgumentException : System.SystemException
System.ArgumentNullException : System.ArgumentException
System.ArgumentOutOfRangeException : System.ArgumentException
System.DuplicateWaitObjectException : System.ArgumentException
System.Globalization.CultureNotFoundException : System.ArgumentException
System.ArithmeticException : System.SystemException
System.DivideByZeroException : System.ArithmeticException
System.OverflowException : System.ArithmeticException
System.NotFiniteNumberException : System.ArithmeticException
System.ArrayTypeMismatchException : System.SystemException
System.FormatException : System.SystemException
System.UriFormatException : System.FormatException
System.IndexOutOfRangeException : System.SystemException
System.InvalidCastException : System.SystemException
System.InvalidOperationException : System.SystemException
System.ObjectDisposedException : System.InvalidOperationException
System.MemberAccessException : System.SystemException
System.MissingMemberException : System.MemberAccessException
System.MissingMethodException : System.MissingMemberException
System.MissingFieldException : System.MissingMemberException
System.NotImplementedException : System.SystemException
System.NotSupportedException : System.SystemException
System.PlatformNotSupportedException : System.NotSupportedException
System.NullReferenceException : System.SystemException
System.OperationCanceledException : System.SystemException
System.Threading.Tasks.TaskCanceledException : System.OperationCanceledException
System.OutOfMemoryException : System.SystemException
System.RankException : System.SystemException
System.StackOverflowException : System.SystemException
System.TimeoutException : System.SystemException
System.TypeLoadException : System.SystemException
System.TypeInitializationException : System.SystemException
System.UnauthorizedAccessException : System.SystemException
System.Collections.Generic.KeyNotFoundException : System.SystemException
System.ComponentModel.Win32Exception : System.Runtime.InteropServices.ExternalException
System.Runtime.InteropServices.ExternalException : System.SystemException
System.Runtime.InteropServices.COMException : System.Runtime.InteropServices.ExternalException
System.IO.IOException : System.SystemException
System.IO.FileNotFoundException : System.IO.IOException
System.IO.DirectoryNotFoundException : System.IO.IOException
System.IO.DriveNotFoundException : System.IO.IOException
System.IO.EndOfStreamException : System.IO.IOException
System.IO.FileLoadException : System.IO.IOException
System.IO.PathTooLongException : System.IO.IOException
System.IO.InvalidDataException : System.SystemException
System.Net.Sockets.SocketException : System.ComponentModel.Win32Exception
System.Net.NetworkInformation.PingException : System.InvalidOperationException
System.Net.WebException : System.InvalidOperationException
System.Net.Http.HttpRequestException : System.Exception
System.Net.ProtocolViolationException : System.InvalidOperationException
System.Security.SecurityException : System.SystemException
System.Security.Cryptography.CryptographicException : System.SystemException
System.Security.Authentication.AuthenticationException : System.SystemException
System.Reflection.TargetInvocationException : System.ApplicationException
System.Reflection.TargetParameterCountException : System.ApplicationException
System.Xml.XmlException : System.SystemException
System.Text.DecoderFallbackException : System.ArgumentException
System.Text.RegularExpressions.RegexParseException : System.ArgumentException
System.Text.RegularExpressions.RegexMatchTimeoutException : System.TimeoutException
System.Management.Automation.ParentContainsErrorRecordException : System.SystemException
System.Management.Automation.RuntimeException : System.SystemException
System.Management.Automation.ActionPreferenceStopException : System.Management.Automation.RuntimeException
System.Management.Automation.CmdletInvocationException : System.Management.Automation.RuntimeException
System.Management.Automation.CommandNotFoundException : System.Management.Automation.RuntimeException
System.Management.Automation.ApplicationFailedException : System.Management.Automation.RuntimeException
System.Management.Automation.ExtendedTypeSystemException : System.Management.Automation.RuntimeException
System.Management.Automation.GetValueException : System.Management.Automation.ExtendedTypeSystemException
System.Management.Automation.GetValueInvocationException : System.Management.Automation.GetValueException
System.Management.Automation.SetValueException : System.Management.Automation.ExtendedTypeSystemException
System.Management.Automation.SetValueInvocationException : System.Management.Automation.SetValueException
System.Management.Automation.PropertyNotFoundException : System.Management.Automation.ExtendedTypeSystemException
System.Management.Automation.MethodException : System.Management.Automation.ExtendedTypeSystemException
System.Management.Automation.MethodInvocationException : System.Management.Automation.MethodException
System.Management.Automation.IncompleteParseException : System.Management.Automation.ParseException
System.Management.Automation.ParseException : System.Management.Automation.RuntimeException
System.Management.Automation.ParameterBindingException : System.Management.Automation.RuntimeException
System.Management.Automation.ParameterBindingValidationException : System.Management.Automation.ParameterBindingException
System.Management.Automation.ParameterBindingArgumentTransformationException : System.Management.Automation.ParameterBindingException
System.Management.Automation.ValidationMetadataException : System.Management.Automation.MetadataException
System.Management.Automation.ArgumentTransformationMetadataException : System.Management.Automation.MetadataException
System.Management.Automation.MetadataException : System.Management.Automation.RuntimeException
System.Management.Automation.PipelineStoppedException : System.Management.Automation.RuntimeException
System.Management.Automation.PSInvalidCastException : System.InvalidCastException
System.Management.Automation.PSInvalidOperationException : System.InvalidOperationException
System.Management.Automation.PSArgumentException : System.ArgumentException
System.Management.Automation.PSArgumentNullException : System.ArgumentNullException
System.Management.Automation.PSArgumentOutOfRangeException : System.ArgumentOutOfRangeException
System.Management.Automation.PSNotSupportedException : System.NotSupportedException
System.Management.Automation.PSNotImplementedException : System.NotImplementedException
System.Management.Automation.PSSecurityException : System.Management.Automation.RuntimeException
System.Management.Automation.SessionStateException : System.Management.Automation.RuntimeException
System.Management.Automation.SessionStateUnauthorizedAccessException : System.Management.Automation.SessionStateException
System.Management.Automation.ItemNotFoundException : System.Management.Automation.SessionStateException
System.Management.Automation.DriveNotFoundException : System.Management.Automation.SessionStateException
System.Management.Automation.ProviderNotFoundException : System.Management.Automation.SessionStateException
System.Management.Automation.ProviderInvocationException : System.Management.Automation.RuntimeException
System.Management.Automation.ScriptBlockToPowerShellNotSupportedException : System.Management.Automation.RuntimeException
System.Management.Automation.ScriptCallDepthException : System.SystemException
System.Management.Automation.ScriptRequiresException : System.Management.Automation.RuntimeException
System.Management.Automation.WildcardPatternException : System.Management.Automation.RuntimeException
System.Management.Automation.RemoteException : System.Management.Automation.RuntimeException
System.Management.Automation.Remoting.PSRemotingTransportException : System.Management.Automation.RuntimeException
System.Management.Automation.Host.HostException : System.Management.Automation.RuntimeException
System.Management.Automation.Host.PromptingException : System.Management.Automation.Host.HostException
Microsoft.PowerShell.Commands.WriteErrorException : System.SystemException
Microsoft.PowerShell.Commands.ProcessCommandException : System.SystemException
Microsoft.PowerShell.Commands.ServiceCommandException : System.SystemException
Microsoft.Management.Infrastructure.CimException : System.Exception
Microsoft.PowerShell.Cmdletization.Cim.CimJobException : System.SystemException
"""


def _table() -> dict[str, tuple[str, tuple[str, ...]]]:
    table: dict[str, tuple[str, tuple[str, ...]]] = {}
    for line in _TYPES.strip().splitlines():
        name, _, rest = line.partition(" :")
        parts = [part.strip() for part in rest.split(",") if part.strip()]
        base = parts[0] if parts else ("" if name == "System.Object" else "System.Object")
        table[name] = (base, tuple(parts[1:]))
    table.update({name: (base, ()) for name, base in TREE_TYPES.items()})
    return table


#: full name -> (base type, "" for none or "interface"; interfaces)
TYPES: Final = _table()
