# psnet: changes for 'h', site 'site'
# Windows Server build 20348, backend 'hns'. It can be run by hand in an elevated
# Windows PowerShell 5.1; each step prints one line of JSON.
[CmdletBinding()]
param()

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

function Get-PSNetLedger {
    # What psnet made on this host, for things that Windows has no place to mark.
    [CmdletBinding()]
    param()
    $ledger = [ordered]@{}
    $path = Join-Path -Path $env:ProgramData -ChildPath 'psnet\ledger.json'
    if (Test-Path -LiteralPath $path -PathType Leaf) {
        $text = Get-Content -LiteralPath $path -Raw -Encoding UTF8
        if (-not [string]::IsNullOrEmpty($text)) {
            $saved = ConvertFrom-Json -InputObject $text
            foreach ($property in @($saved.PSObject.Properties)) {
                $ledger[$property.Name] = $property.Value
            }
        }
    }
    return $ledger
}

function Set-PSNetLedger {
    # Writes a new file beside the old one and moves it into place, so that the ledger is never half written.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [System.Collections.Specialized.OrderedDictionary] $Ledger
    )
    $folder = Join-Path -Path $env:ProgramData -ChildPath 'psnet'
    if (-not (Test-Path -LiteralPath $folder -PathType Container)) {
        $null = New-Item -Path $folder -ItemType Directory
    }
    $path = Join-Path -Path $folder -ChildPath 'ledger.json'
    $draft = Join-Path -Path $folder -ChildPath 'ledger.json.new'
    $text = ConvertTo-Json -InputObject $Ledger -Depth 10 -Compress
    Set-Content -LiteralPath $draft -Value $text -Encoding UTF8
    Move-Item -LiteralPath $draft -Destination $path -Force
}

function Invoke-PSNetStep {
    # Runs one step, writes one line of JSON about it, and remembers how it went for the steps that need it.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $Id,
        [Parameter(Mandatory = $true)] [AllowEmptyCollection()] [string[]] $Requires,
        [Parameter(Mandatory = $true)] [hashtable] $Status,
        [Parameter(Mandatory = $true)] [scriptblock] $Script
    )
    $result = [ordered]@{ step = $Id; status = 'ok'; error_id = $null; message = $null; category = $null; blocked_by = $null }
    $blocked = @($Requires | Where-Object -FilterScript { $Status[$_] -ne 'ok' })
    if ($blocked.Count -gt 0) {
        $result['status'] = 'skipped'
        $result['blocked_by'] = $blocked[0]
    }
    else {
        try {
            $null = & $Script
        }
        catch {
            $result['status'] = 'failed'
            $result['error_id'] = $_.FullyQualifiedErrorId
            $result['message'] = $_.Exception.Message
            $result['category'] = [string] $_.CategoryInfo.Category
        }
    }
    $Status[$Id] = $result['status']
    ConvertTo-Json -InputObject $result -Depth 4 -Compress
}

function Invoke-PSNetHns {
    # Calls the Host Networking Service through vmcompute.dll, which every build with HNS has.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [ValidateSet('GET', 'POST', 'DELETE')] [string] $Method,
        [Parameter(Mandatory = $true)] [string] $Path,
        [Parameter()] [string] $Body = ''
    )
    if (-not ('PSNet.HnsNativeMethods' -as [type])) {
        $signature = '[DllImport("vmcompute.dll")] public static extern int HNSCall([MarshalAs(UnmanagedType.LPWStr)] string method, [MarshalAs(UnmanagedType.LPWStr)] string path, [MarshalAs(UnmanagedType.LPWStr)] string request, [MarshalAs(UnmanagedType.LPWStr)] out string response);'
        Add-Type -MemberDefinition $signature -Namespace 'PSNet' -Name 'HnsNativeMethods'
    }
    $response = ''
    $result = [PSNet.HnsNativeMethods]::HNSCall($Method, $Path, $Body, [ref] $response)
    if ([string]::IsNullOrEmpty($response)) {
        # HNS always answers: without a text the call itself failed.
        Write-Error -Message ('HNS {0} {1} gave no answer, HRESULT 0x{2:x8}' -f $Method, $Path, $result) -ErrorId 'PSNet.HnsNoAnswer' -Category InvalidResult -TargetObject $Path
        return
    }
    $answer = ConvertFrom-Json -InputObject $response
    $names = @($answer.PSObject.Properties | ForEach-Object -Process { $_.Name })
    if (($names -contains 'Success') -and (-not $answer.Success)) {
        $reason = if ($names -contains 'Error') { $answer.Error } else { 'no reason given' }
        Write-Error -Message "HNS $Method $Path failed: $reason" -ErrorId 'PSNet.HnsFailed' -Category InvalidResult -TargetObject $Path
    }
    if ($names -contains 'Output') {
        Write-Output -InputObject $answer.Output
    }
}

$status = @{}
$ledger = Get-PSNetLedger

# '+ container_network web nat 172.20.0.0/24'
Invoke-PSNetStep -Id '1.make' -Requires @() -Status $status -Script {
    $network = [ordered]@{
        Name = 'web'
        Type = 'nat'
        Subnets = @(
            [ordered]@{ AddressPrefix = '172.20.0.0/24'; GatewayAddress = '172.20.0.1' }
        )
    }
    Invoke-PSNetHns -Method POST -Path '/networks/' -Body (ConvertTo-Json -InputObject $network -Depth 10 -Compress)
    $ledger['container_network/web'] = [ordered]@{ 'name' = 'web'; 'mode' = 'nat'; 'backend' = 'hns' }
    Set-PSNetLedger -Ledger $ledger
}

# '+ reapply networks at each start of the host'
Invoke-PSNetStep -Id '2.make' -Requires @() -Status $status -Script {
    $folder = Join-Path -Path $env:ProgramData -ChildPath 'psnet\reapply'
    if (-not (Test-Path -LiteralPath $folder -PathType Container)) {
        $null = New-Item -Path $folder -ItemType Directory
        $null = icacls $folder '/inheritance:r' '/grant:r' '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F'
    }
    Set-Content -LiteralPath (Join-Path -Path $folder -ChildPath 'networks.ps1') -Value "# psnet: changes for 'at start', site 'networks'`n# Windows Server build 20348, backend 'hns'. It can be run by hand in an elevated`n# Windows PowerShell 5.1; each step prints one line of JSON.`n[CmdletBinding()]`nparam()`n`nSet-StrictMode -Version Latest`n`$ErrorActionPreference = 'Stop'`n`$ProgressPreference = 'SilentlyContinue'`n`nfunction Get-PSNetLedger {`n    # What psnet made on this host, for things that Windows has no place to mark.`n    [CmdletBinding()]`n    param()`n    `$ledger = [ordered]@{}`n    `$path = Join-Path -Path `$env:ProgramData -ChildPath 'psnet\ledger.json'`n    if (Test-Path -LiteralPath `$path -PathType Leaf) {`n        `$text = Get-Content -LiteralPath `$path -Raw -Encoding UTF8`n        if (-not [string]::IsNullOrEmpty(`$text)) {`n            `$saved = ConvertFrom-Json -InputObject `$text`n            foreach (`$property in @(`$saved.PSObject.Properties)) {`n                `$ledger[`$property.Name] = `$property.Value`n            }`n        }`n    }`n    return `$ledger`n}`n`nfunction Set-PSNetLedger {`n    # Writes a new file beside the old one and moves it into place, so that the ledger is never half written.`n    [CmdletBinding()]`n    param(`n        [Parameter(Mandatory = `$true)] [System.Collections.Specialized.OrderedDictionary] `$Ledger`n    )`n    `$folder = Join-Path -Path `$env:ProgramData -ChildPath 'psnet'`n    if (-not (Test-Path -LiteralPath `$folder -PathType Container)) {`n        `$null = New-Item -Path `$folder -ItemType Directory`n    }`n    `$path = Join-Path -Path `$folder -ChildPath 'ledger.json'`n    `$draft = Join-Path -Path `$folder -ChildPath 'ledger.json.new'`n    `$text = ConvertTo-Json -InputObject `$Ledger -Depth 10 -Compress`n    Set-Content -LiteralPath `$draft -Value `$text -Encoding UTF8`n    Move-Item -LiteralPath `$draft -Destination `$path -Force`n}`n`nfunction Invoke-PSNetStep {`n    # Runs one step, writes one line of JSON about it, and remembers how it went for the steps that need it.`n    [CmdletBinding()]`n    param(`n        [Parameter(Mandatory = `$true)] [string] `$Id,`n        [Parameter(Mandatory = `$true)] [AllowEmptyCollection()] [string[]] `$Requires,`n        [Parameter(Mandatory = `$true)] [hashtable] `$Status,`n        [Parameter(Mandatory = `$true)] [scriptblock] `$Script`n    )`n    `$result = [ordered]@{ step = `$Id; status = 'ok'; error_id = `$null; message = `$null; category = `$null; blocked_by = `$null }`n    `$blocked = @(`$Requires | Where-Object -FilterScript { `$Status[`$_] -ne 'ok' })`n    if (`$blocked.Count -gt 0) {`n        `$result['status'] = 'skipped'`n        `$result['blocked_by'] = `$blocked[0]`n    }`n    else {`n        try {`n            `$null = & `$Script`n        }`n        catch {`n            `$result['status'] = 'failed'`n            `$result['error_id'] = `$_.FullyQualifiedErrorId`n            `$result['message'] = `$_.Exception.Message`n            `$result['category'] = [string] `$_.CategoryInfo.Category`n        }`n    }`n    `$Status[`$Id] = `$result['status']`n    ConvertTo-Json -InputObject `$result -Depth 4 -Compress`n}`n`nfunction Invoke-PSNetHns {`n    # Calls the Host Networking Service through vmcompute.dll, which every build with HNS has.`n    [CmdletBinding()]`n    param(`n        [Parameter(Mandatory = `$true)] [ValidateSet('GET', 'POST', 'DELETE')] [string] `$Method,`n        [Parameter(Mandatory = `$true)] [string] `$Path,`n        [Parameter()] [string] `$Body = ''`n    )`n    if (-not ('PSNet.HnsNativeMethods' -as [type])) {`n        `$signature = '[DllImport(`"vmcompute.dll`")] public static extern int HNSCall([MarshalAs(UnmanagedType.LPWStr)] string method, [MarshalAs(UnmanagedType.LPWStr)] string path, [MarshalAs(UnmanagedType.LPWStr)] string request, [MarshalAs(UnmanagedType.LPWStr)] out string response);'`n        Add-Type -MemberDefinition `$signature -Namespace 'PSNet' -Name 'HnsNativeMethods'`n    }`n    `$response = ''`n    `$result = [PSNet.HnsNativeMethods]::HNSCall(`$Method, `$Path, `$Body, [ref] `$response)`n    if ([string]::IsNullOrEmpty(`$response)) {`n        # HNS always answers: without a text the call itself failed.`n        Write-Error -Message ('HNS {0} {1} gave no answer, HRESULT 0x{2:x8}' -f `$Method, `$Path, `$result) -ErrorId 'PSNet.HnsNoAnswer' -Category InvalidResult -TargetObject `$Path`n        return`n    }`n    `$answer = ConvertFrom-Json -InputObject `$response`n    `$names = @(`$answer.PSObject.Properties | ForEach-Object -Process { `$_.Name })`n    if ((`$names -contains 'Success') -and (-not `$answer.Success)) {`n        `$reason = if (`$names -contains 'Error') { `$answer.Error } else { 'no reason given' }`n        Write-Error -Message `"HNS `$Method `$Path failed: `$reason`" -ErrorId 'PSNet.HnsFailed' -Category InvalidResult -TargetObject `$Path`n    }`n    if (`$names -contains 'Output') {`n        Write-Output -InputObject `$answer.Output`n    }`n}`n`n`$status = @{}`n`$ledger = Get-PSNetLedger`n`n# '+ container_network web nat 172.20.0.0/24'`nInvoke-PSNetStep -Id '1.make' -Requires @() -Status `$status -Script {`n    `$network = [ordered]@{`n        Name = 'web'`n        Type = 'nat'`n        Subnets = @(`n            [ordered]@{ AddressPrefix = '172.20.0.0/24'; GatewayAddress = '172.20.0.1' }`n        )`n    }`n    Invoke-PSNetHns -Method POST -Path '/networks/' -Body (ConvertTo-Json -InputObject `$network -Depth 10 -Compress)`n    `$ledger['container_network/web'] = [ordered]@{ 'name' = 'web'; 'mode' = 'nat'; 'backend' = 'hns' }`n    Set-PSNetLedger -Ledger `$ledger`n}`n`n" -Encoding UTF8
    $action = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument '-NoProfile -NonInteractive -ExecutionPolicy Bypass -File "C:\ProgramData\psnet\reapply\networks.ps1"'
    $principal = New-ScheduledTaskPrincipal -UserId 'SYSTEM' -LogonType ServiceAccount -RunLevel Highest
    # By default batteries keep a task from starting.
    $settings = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries
    $null = Register-ScheduledTask -TaskName 'psnet-reapply-networks' -Action $action -Trigger (New-ScheduledTaskTrigger -AtStartup) -Principal $principal -Settings $settings -Force
    $ledger['reapply/networks'] = [ordered]@{ 'name' = 'networks'; 'hash' = 'ed38a3a60e45902f8f4f9ce4ad5fe89e272287e5c49a3b24623c86c423e04d57' }
    Set-PSNetLedger -Ledger $ledger
}

