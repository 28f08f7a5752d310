"""Names beyond what the lab simulates: commands of Windows PowerShell 5.1, and what only PowerShell 7 has.

Sources: the module pages of the PowerShell documentation (5.1 and 7.4). These commands are known by name
alone: nothing is said about their parameters.
"""

# ruff: noqa: SIM905 - tables of words read best as words

from __future__ import annotations

from typing import Final

_GROUPS: Final = """
# Microsoft.PowerShell.Core
Add-History Add-PSSnapin Clear-History Connect-PSSession Debug-Job Disable-PSRemoting Disable-PSSessionConfiguration
Disconnect-PSSession Enable-PSRemoting Enable-PSSessionConfiguration Enter-PSHostProcess Enter-PSSession
Exit-PSHostProcess Exit-PSSession Export-Console Get-Help Get-PSHostProcessInfo Get-PSSession Get-PSSessionCapability
Get-PSSessionConfiguration Get-PSSnapin Get-Verb Invoke-History New-ModuleManifest New-PSRoleCapabilityFile
New-PSSessionConfigurationFile New-PSSessionOption New-PSTransportOption Receive-PSSession Register-ArgumentCompleter
Register-PSSessionConfiguration Remove-PSSession Remove-PSSnapin Resume-Job Save-Help Set-PSDebug
Set-PSSessionConfiguration Suspend-Job Test-PSSessionConfigurationFile Unregister-PSSessionConfiguration Update-Help
# Microsoft.PowerShell.Utility
ConvertFrom-SddlString Convert-String ConvertFrom-String ConvertTo-Html ConvertTo-Xml Debug-Runspace
Disable-PSBreakpoint Disable-RunspaceDebug Enable-PSBreakpoint Enable-RunspaceDebug Export-Alias Export-Clixml
Export-FormatData Export-PSSession Format-Hex Get-Event Get-EventSubscriber Get-FileHash Get-FormatData
Get-PSBreakpoint Get-PSCallStack Get-Runspace Get-RunspaceDebug Get-TraceSource Get-TypeData Import-Alias
Import-Clixml Import-PSSession New-Event New-TemporaryFile Out-GridView Out-Printer Register-EngineEvent Remove-Event
Remove-PSBreakpoint Remove-TypeData Send-MailMessage Set-Date Set-PSBreakpoint Set-TraceSource Show-Command
Trace-Command Unblock-File Unregister-Event Update-FormatData Update-List Update-TypeData Wait-Debugger Wait-Event
Write-Output
# Microsoft.PowerShell.Management
Add-Computer Checkpoint-Computer Clear-EventLog Clear-Item Clear-ItemProperty Clear-RecycleBin Complete-Transaction
Copy-ItemProperty Debug-Process Disable-ComputerRestore Enable-ComputerRestore Get-Clipboard Get-ComputerInfo
Get-ComputerRestorePoint Get-ControlPanelItem Get-EventLog Get-HotFix Get-ItemProperty Get-ItemPropertyValue
Get-PSDrive Get-PSProvider Get-TimeZone Get-Transaction Get-WmiObject Invoke-Item Invoke-WmiMethod Limit-EventLog
Move-ItemProperty New-EventLog New-ItemProperty New-PSDrive New-Service New-WebServiceProxy Register-WmiEvent
Remove-Computer Remove-EventLog Remove-ItemProperty Remove-PSDrive Remove-WmiObject Rename-Computer
Rename-ItemProperty Reset-ComputerMachinePassword Restart-Computer Restart-Service Restore-Computer Resume-Service
Set-Clipboard Set-ItemProperty Set-Service Set-TimeZone Set-WmiInstance Show-ControlPanelItem Show-EventLog
Start-Service Start-Transaction Stop-Computer Stop-Process Stop-Service Suspend-Service Test-ComputerSecureChannel
Test-Connection Undo-Transaction Use-Transaction Wait-Process Write-EventLog
# Microsoft.PowerShell.Security, Diagnostics, WSMan.Management, Archive, Host, CimCmdlets
ConvertFrom-SecureString Get-Acl Get-AuthenticodeSignature Get-CmsMessage Get-PfxCertificate New-FileCatalog
Protect-CmsMessage Set-Acl Set-AuthenticodeSignature Test-FileCatalog Unprotect-CmsMessage Export-Counter Get-Counter
Get-WinEvent Import-Counter New-WinEvent Connect-WSMan Disable-WSManCredSSP Disconnect-WSMan Enable-WSManCredSSP
Get-WSManCredSSP Get-WSManInstance Invoke-WSManAction New-WSManInstance New-WSManSessionOption Remove-WSManInstance
Set-WSManInstance Set-WSManQuickConfig Test-WSMan Compress-Archive Expand-Archive Start-Transcript Stop-Transcript
Get-CimAssociatedInstance Get-CimClass Get-CimInstance Get-CimSession Invoke-CimMethod New-CimInstance New-CimSession
New-CimSessionOption Register-CimIndicationEvent Remove-CimInstance Remove-CimSession Set-CimInstance
# PackageManagement, PowerShellGet, PKI, ScheduledTasks, ServerManager, SmbShare, Storage, BitsTransfer, LocalAccounts
Find-Package Find-PackageProvider Get-Package Get-PackageProvider Get-PackageSource Import-PackageProvider
Install-Package Install-PackageProvider Register-PackageSource Save-Package Set-PackageSource Uninstall-Package
Unregister-PackageSource Find-Module Find-Script Get-InstalledModule Get-InstalledScript Get-PSRepository
Install-Module Install-Script New-ScriptFileInfo Publish-Module Register-PSRepository Save-Module Set-PSRepository
Uninstall-Module Unregister-PSRepository Update-Module Update-ModuleManifest Export-Certificate Export-PfxCertificate
Get-Certificate Get-PfxData Import-Certificate Import-PfxCertificate New-SelfSignedCertificate Test-Certificate
Disable-ScheduledTask Enable-ScheduledTask Export-ScheduledTask Get-ScheduledTask Get-ScheduledTaskInfo
New-ScheduledTask New-ScheduledTaskAction New-ScheduledTaskPrincipal New-ScheduledTaskSettingsSet
New-ScheduledTaskTrigger Register-ScheduledTask Set-ScheduledTask Start-ScheduledTask Stop-ScheduledTask
Unregister-ScheduledTask Get-WindowsFeature Install-WindowsFeature Uninstall-WindowsFeature Add-WindowsFeature
Remove-WindowsFeature Get-WindowsOptionalFeature Enable-WindowsOptionalFeature Disable-WindowsOptionalFeature
Get-SmbShare New-SmbShare Remove-SmbShare Get-SmbMapping New-SmbMapping Get-Disk Get-Partition Get-Volume
Format-Volume New-Partition Initialize-Disk Get-PhysicalDisk Mount-DiskImage Dismount-DiskImage Start-BitsTransfer
Get-BitsTransfer Complete-BitsTransfer Remove-BitsTransfer Add-LocalGroupMember Get-LocalGroup Get-LocalGroupMember
Get-LocalUser New-LocalGroup New-LocalUser Remove-LocalGroup Remove-LocalGroupMember Remove-LocalUser Set-LocalUser
# Hyper-V beyond networking, containers, scheduled jobs
Get-VM New-VM Remove-VM Set-VM Start-VM Stop-VM Restart-VM Checkpoint-VM Get-VMHardDiskDrive Set-VMProcessor
Get-ComputeProcess Stop-ComputeProcess Get-Container New-Container Remove-Container Start-Container Stop-Container
Register-ScheduledJob Get-ScheduledJob Unregister-ScheduledJob New-JobTrigger Get-MpPreference Set-MpPreference
# aliases that Hyper-V, Storage, Dism and Appx export
Export-VMCheckpoint Get-VMCheckpoint Remove-VMCheckpoint Rename-VMCheckpoint Restore-VMCheckpoint
Disable-PhysicalDiskIndication Enable-PhysicalDiskIndication Flush-Volume Get-DiskSNV Get-PhysicalDiskSNV
Get-StorageEnclosureSNV Initialize-Volume Write-FileSystemCache Add-ProvisionedAppxPackage Apply-WindowsUnattend
Get-ProvisionedAppxPackage Remove-ProvisionedAppxPackage Optimize-ProvisionedAppxPackages Set-ProvisionedAppXDataFile
Add-ProvisionedAppPackage Get-ProvisionedAppPackage Remove-ProvisionedAppPackage Optimize-ProvisionedAppPackages
Set-ProvisionedAppPackageDataFile Add-AppProvisionedPackage Get-AppProvisionedPackage Remove-AppProvisionedPackage
Optimize-AppProvisionedPackages Set-AppPackageProvisionedDataFile Add-AppPackage Add-AppPackageVolume
Dismount-AppPackageVolume Get-AppPackage Get-AppPackageDefaultVolume Get-AppPackageLastError Get-AppPackageLog
Get-AppPackageManifest Get-AppPackageVolume Mount-AppPackageVolume Move-AppPackage Remove-AppPackage
Remove-AppPackageVolume Set-AppPackageDefaultVolume
# functions and drives' commands that a session begins with
Get-Verb Clear-Host Import-PowerShellDataFile New-Guid TabExpansion2 Invoke-Pester Get-MpComputerStatus
Invoke-ScriptAnalyzer PSConsoleHostReadLine
"""

_SEVEN: Final = """
ConvertFrom-Markdown ConvertFrom-SddlString Disable-ExperimentalFeature Enable-ExperimentalFeature Get-Error
Get-ExperimentalFeature Get-MarkdownOption Get-PSSubsystem Get-Uptime Join-String Remove-Alias
Remove-Service Set-MarkdownOption Show-Markdown Switch-Process Test-Json Get-SecureRandom
ConvertTo-CliXml ConvertFrom-CliXml
"""

_ONLY_51: Final = """
Add-Computer Add-PSSnapin Checkpoint-Computer Clear-EventLog Complete-Transaction Convert-String ConvertFrom-String
Disable-ComputerRestore Enable-ComputerRestore Export-Console Get-ComputerRestorePoint Get-ControlPanelItem Get-
  EventLog
Get-PSSnapin Get-Transaction Get-WmiObject Invoke-WmiMethod Limit-EventLog New-EventLog New-WebServiceProxy
Register-WmiEvent Remove-Computer Remove-EventLog Remove-PSSnapin Remove-WmiObject Reset-ComputerMachinePassword
Restore-Computer Resume-Job Set-WmiInstance Show-ControlPanelItem Show-EventLog Start-Transaction Suspend-Job
Test-ComputerSecureChannel Undo-Transaction Use-Transaction Write-EventLog
"""


def _words(text: str) -> frozenset[str]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return frozenset(" ".join(lines).split())


BY_NAME: Final = _words(_GROUPS)
SEVEN_ONLY: Final = _words(_SEVEN) - BY_NAME
ONLY_51: Final = _words(_ONLY_51)

# Modules whose commands are known here; importing another one means that any name may exist.
MODULES: Final = frozenset(
    name.lower()
    for name in (
        "Microsoft.PowerShell.Core Microsoft.PowerShell.Utility Microsoft.PowerShell.Management "
        "Microsoft.PowerShell.Security Microsoft.PowerShell.Diagnostics Microsoft.PowerShell.Archive "
        "Microsoft.PowerShell.Host Microsoft.WSMan.Management CimCmdlets Containers Hyper-V NetAdapter NetNat "
        "NetSecurity NetTCPIP NetworkController HostNetworkingService DnsClient NetConnection NetQos "
        "PSDesiredStateConfiguration"
    ).split()
)

# Parameters that PowerShell 7 (up to 7.5) has and Windows PowerShell 5.1 does not: the cmdlets' pages of both.
_SEVEN_PARAMETERS: Final = """
Add-Content AsByteStream
Add-Type CompilerOptions
Debug-Job BreakAll
Debug-Runspace BreakAll
Enter-PSHostProcess CustomPipeName
Get-PfxCertificate NoPromptForPassword Password
New-ModuleManifest ExternalModuleDependencies Prerelease RequireLicenseAcceptance
New-Service SecurityDescriptorSddl
Read-Host MaskInput
Save-Help Scope
Send-MailMessage ReplyTo
Set-Content AsByteStream
Get-Content AsByteStream
Compress-Archive PassThru
ConvertFrom-Json AsHashtable Depth NoEnumerate DateKind
ConvertFrom-SecureString AsPlainText
ConvertFrom-StringData Delimiter
ConvertTo-Csv IncludeTypeInformation QuoteFields UseQuotes NoHeader
ConvertTo-Html Meta Charset Transitional
ConvertTo-Json EnumsAsStrings AsArray EscapeHandling
Expand-Archive PassThru
Export-Csv IncludeTypeInformation QuoteFields UseQuotes NoHeader
ForEach-Object Parallel ThrottleLimit TimeoutSeconds AsJob UseNewRunspace
Format-Hex Offset Count
Format-List RepeatHeader
Format-Table RepeatHeader
Get-ChildItem FollowSymlink
Get-Command UseFuzzyMatching UseAbbreviationExpansion FuzzyMinimumDistance
Get-Credential Title
Get-Culture Name ListAvailable NoUserOverrides
Get-Date UnixTimeSeconds AsUTC
Get-Module SkipEditionCheck
Get-Random Shuffle
Get-Unique CaseInsensitive
Import-Module SkipEditionCheck UseWindowsPowerShell
Import-PowerShellDataFile SkipLimitCheck
Invoke-Command HostName UserName SSHTransport KeyFilePath SSHConnection Subsystem RemoteDebug ConnectingTimeout Options
Invoke-RestMethod SkipCertificateCheck SkipHeaderValidation Authentication Token AllowUnencryptedAuthentication
  CustomMethod NoProxy Form SslProtocol SkipHttpErrorCheck StatusCodeVariable ResponseHeadersVariable FollowRelLink
  MaximumFollowRelLink MaximumRetryCount RetryIntervalSec Resume PreserveAuthorizationOnRedirect
  AllowInsecureRedirect HttpVersion ConnectionTimeoutSeconds OperationTimeoutSeconds UnixSocket
Invoke-WebRequest SkipCertificateCheck SkipHeaderValidation Authentication Token AllowUnencryptedAuthentication
  CustomMethod NoProxy Form SslProtocol SkipHttpErrorCheck MaximumRetryCount RetryIntervalSec Resume
  PreserveAuthorizationOnRedirect AllowInsecureRedirect HttpVersion ConnectionTimeoutSeconds OperationTimeoutSeconds
  UnixSocket
Join-Path AdditionalChildPath
Measure-Object StandardDeviation AllStats
New-Guid Empty InputObject
New-PSSession HostName UserName SSHTransport KeyFilePath SSHConnection Subsystem UseWindowsPowerShell
  ConnectingTimeout Options
New-TimeSpan Milliseconds
Enter-PSSession HostName UserName SSHTransport KeyFilePath Subsystem ConnectingTimeout Options
Out-String NoNewline
Resolve-Path RelativeBasePath Force
Select-Object CaseInsensitive SkipIndex
Select-String Raw Culture NoEmphasis
Set-Clipboard AsOSC52
Set-Service Credential SecurityDescriptorSddl Force
Sort-Object Top Bottom Stable
Split-Path LeafBase Extension
Start-Job WorkingDirectory
Start-Process Environment
Start-Sleep Duration
Start-Transcript UseMinimalHeader
Tee-Object Encoding
Test-Connection TargetName Ping Traceroute MtuSize Repeat IPv4 IPv6 ResolveDestination TcpPort TimeoutSeconds
  DontFragment MaxHops Detailed
Update-Help Scope
Wait-Process Any PassThru
Where-Object Not
"""
SEVEN_PARAMETERS: Final = {
    line.split()[0].lower(): tuple(line.split()[1:])
    for line in _SEVEN_PARAMETERS.replace("\n  ", " ").splitlines()
    if line
}

APPROVED_VERBS: Final = frozenset(
    """
    add approve assert backup block build checkpoint clear close compare complete compress confirm connect convert
    convertfrom convertto copy debug deny deploy disable disconnect dismount edit enable enter exit expand export
    find foreach format get grant group hide import initialize install invoke join limit lock measure merge mount
    move new open optimize out ping pop protect publish push read receive redo register remove rename repair request
    reset resize resolve restart restore resume revoke save search select send set show skip sort split start step
    stop submit suspend switch sync tee test trace unblock undo uninstall unlock unprotect unpublish unregister
    update use wait watch where write
    """.split()
)

#: Those of them that are switches.
SEVEN_SWITCHES: Final = frozenset(
    """
    AsByteStream AsHashtable NoEnumerate AsPlainText NoHeader EnumsAsStrings AsArray AsJob UseNewRunspace RepeatHeader
    FollowSymlink UseFuzzyMatching UseAbbreviationExpansion ListAvailable NoUserOverrides AsUTC SkipEditionCheck
    Shuffle CaseInsensitive UseWindowsPowerShell SkipLimitCheck SSHTransport RemoteDebug SkipCertificateCheck
    SkipHeaderValidation AllowUnencryptedAuthentication NoProxy SkipHttpErrorCheck FollowRelLink Resume
    PreserveAuthorizationOnRedirect AllowInsecureRedirect StandardDeviation AllStats Empty NoNewline Force NoEmphasis
    BreakAll MaskInput NoPromptForPassword RequireLicenseAcceptance
    Raw AsOSC52 Stable LeafBase Extension UseMinimalHeader Ping Traceroute MtuSize Repeat IPv4 IPv6 ResolveDestination
    DontFragment Detailed Any PassThru Not Transitional
    """.split()
)
