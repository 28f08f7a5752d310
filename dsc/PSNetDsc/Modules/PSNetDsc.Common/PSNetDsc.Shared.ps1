# Written by tools/dsc_schemas.py from templates/lib: what psnet pushes runs the same functions.

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

function Get-PSNetProperty {
    # Strict mode refuses a property that is not there; builds differ in what they return.
    [CmdletBinding()]
    param(
        [Parameter()] [AllowNull()] [object] $InputObject,
        [Parameter(Mandatory = $true)] [string] $Name
    )
    if ($null -ne $InputObject) {
        $property = $InputObject.PSObject.Properties[$Name]
        if ($null -ne $property) {
            return $property.Value
        }
    }
}

function Invoke-PSNetDocker {
    # Runs docker. What it writes to standard error is no error by itself: its exit code says how it went.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string[]] $Arguments
    )
    $ErrorActionPreference = 'Continue'
    $said = @(docker @Arguments 2>&1 | ForEach-Object -Process { [string] $_ })
    if ($LASTEXITCODE -ne 0) {
        Write-Error -Message "docker $($Arguments -join ' '): $($said -join ' ')" -ErrorId 'PSNet.DockerFailed' -Category InvalidResult -TargetObject $Arguments[-1] -ErrorAction Stop
    }
    Write-Output -InputObject $said
}

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

function Get-PSNetEndpoint {
    # The endpoint of an id or a name, or the one of the container of that id.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $Name
    )
    $found = @(Invoke-PSNetHns -Method GET -Path '/endpoints/' | Where-Object -FilterScript {
        ($_.ID -eq $Name) -or ((Get-PSNetProperty -InputObject $_ -Name 'Name') -eq $Name) -or (@(Get-PSNetProperty -InputObject $_ -Name 'SharedContainers') -contains $Name)
    })
    if ($found.Count -ne 1) {
        Write-Error -Message "there are $($found.Count) endpoints named $Name" -ErrorId 'PSNet.EndpointNotFound' -Category ObjectNotFound -TargetObject $Name
    }
    Write-Output -InputObject $found[0]
}
function Set-PSNetEndpointPolicy {
    # Replaces the policies of one type; those of other types stay. HNS replaces the whole list at once.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $Name,
        [Parameter(Mandatory = $true)] [string] $Type,
        [Parameter(Mandatory = $true)] [AllowEmptyCollection()] [object[]] $Policies
    )
    $endpoint = Get-PSNetEndpoint -Name $Name
    $kept = @(Get-PSNetProperty -InputObject $endpoint -Name 'Policies' | Where-Object -FilterScript { ($null -ne $_) -and ($_.Type -ne $Type) })
    $body = [ordered]@{ Policies = @($kept + $Policies) }
    $null = Invoke-PSNetHns -Method POST -Path "/endpoints/$($endpoint.ID)" -Body (ConvertTo-Json -InputObject $body -Depth 10 -Compress)
}

function Get-PSNetCniSetting {
    # bin_dir and conf_dir of containerd's config.toml; versions 1 to 3 name the table differently and quote differently.
    [CmdletBinding()]
    param()
    $found = [ordered]@{
        conf_dir = (Join-Path -Path $env:ProgramFiles -ChildPath 'containerd\cni\conf')
        bin_dir = (Join-Path -Path $env:ProgramFiles -ChildPath 'containerd\cni\bin')
    }
    $path = Join-Path -Path $env:ProgramFiles -ChildPath 'containerd\config.toml'
    if (Test-Path -LiteralPath $path -PathType Leaf) {
        $inside = $false
        foreach ($line in @(Get-Content -LiteralPath $path -Encoding UTF8)) {
            if ($line -match '^\s*\[') {
                $inside = $line -match '\.cni\]\s*(#.*)?$'
            }
            elseif ($inside -and ($line -match '^\s*(conf_dir|bin_dir)s?\s*=\s*\[?\s*(?:"([^"]+)"|''([^'']+)'')')) {
                $value = if ($Matches.ContainsKey(2)) { $Matches[2].Replace('\\', '\') } else { $Matches[3] }
                $found[$Matches[1]] = $value.Replace('/', '\').TrimEnd('\')
            }
        }
    }
    return $found
}
