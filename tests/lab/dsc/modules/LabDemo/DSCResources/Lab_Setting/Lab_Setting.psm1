Set-StrictMode -Version Latest
$ErrorActionPreference = 'Continue'
Import-LocalizedData -BindingVariable LocalizedData -FileName Lab_Setting.psd1

function Get-SettingPath {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string] $Name)

    return "C:\LabState\$Name.txt"
}

function Get-TargetResource {
    [CmdletBinding()]
    [OutputType([System.Collections.Hashtable])]
    param(
        [Parameter(Mandatory = $true)][string] $Name,
        [Parameter(Mandatory = $true)][AllowEmptyString()][string] $Value
    )

    $path = Get-SettingPath -Name $Name
    $found = Test-Path -LiteralPath $path
    $held = ''
    if ($found) {
        $held = (Get-Content -LiteralPath $path -Raw).Trim()
    }
    return @{
        Name = $Name
        Value = $held
        Ensure = $(if ($found) { 'Present' } else { 'Absent' })
        Length = [uint32] $held.Length
    }
}

function Test-TargetResource {
    [CmdletBinding()]
    [OutputType([System.Boolean])]
    param(
        [Parameter(Mandatory = $true)][string] $Name,
        [Parameter(Mandatory = $true)][AllowEmptyString()][string] $Value,
        [ValidateSet('Present', 'Absent')][string] $Ensure = 'Present',
        [string] $Mood = 'Nothing',
        [uint16[]] $Ports,
        [pscredential] $Account,
        [Microsoft.Management.Infrastructure.CimInstance[]] $Pairs
    )

    Write-Verbose -Message ($LocalizedData.Testing -f $Name)
    $current = Get-TargetResource -Name $Name -Value $Value
    if ($current.Ensure -ne $Ensure) {
        return $false
    }
    return ($Ensure -eq 'Absent') -or ($current.Value -ceq (Join-Setting @PSBoundParameters))
}

function Set-TargetResource {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)][string] $Name,
        [Parameter(Mandatory = $true)][AllowEmptyString()][string] $Value,
        [ValidateSet('Present', 'Absent')][string] $Ensure = 'Present',
        [string] $Mood = 'Nothing',
        [uint16[]] $Ports,
        [pscredential] $Account,
        [Microsoft.Management.Infrastructure.CimInstance[]] $Pairs
    )

    Write-Verbose -Message ($LocalizedData.Setting -f $Name)
    if ($Mood -eq 'Throw') {
        throw "no $Name today"
    }
    while ($Mood -eq 'Wait') {
        Start-Sleep -Milliseconds 1
    }
    if ($Mood -eq 'Error') {
        Write-Error -Message "a doubt about $Name"
    }
    $path = Get-SettingPath -Name $Name
    if ($Ensure -eq 'Absent') {
        Remove-Item -LiteralPath $path -Force
    } else {
        if (-not (Test-Path -LiteralPath 'C:\LabState')) {
            $null = New-Item -Path 'C:\LabState' -ItemType Directory
        }
        Set-Content -LiteralPath $path -Value (Join-Setting @PSBoundParameters)
    }
    if ($Mood -eq 'Reboot') {
        $global:DSCMachineStatus = 1
    }
}

function Join-Setting {
    [CmdletBinding()]
    param(
        [string] $Name,
        [string] $Value,
        [string] $Ensure,
        [string] $Mood,
        [uint16[]] $Ports,
        [pscredential] $Account,
        [Microsoft.Management.Infrastructure.CimInstance[]] $Pairs
    )

    $parts = @($Value)
    if ($PSBoundParameters.ContainsKey('Ports')) {
        $parts += ($Ports -join '+')
    }
    if ($PSBoundParameters.ContainsKey('Account')) {
        $parts += ('{0}={1}' -f $Account.UserName, $Account.GetNetworkCredential().Password)
    }
    if ($PSBoundParameters.ContainsKey('Pairs')) {
        foreach ($pair in $Pairs) {
            $parts += ('{0}:{1}' -f $pair.Key, $pair.Value)
        }
    }
    return ($parts -join '|')
}

Export-ModuleMember -Function 'Get-TargetResource', 'Set-TargetResource', 'Test-TargetResource'
