# What the resources of PSNetDsc share: strings, comparison, backends, networks, the ledger.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

. "$PSScriptRoot\PSNetDsc.Shared.ps1"
. "$PSScriptRoot\PSNetDsc.Values.ps1"
. "$PSScriptRoot\PSNetDsc.Networks.ps1"
. "$PSScriptRoot\PSNetDsc.Endpoints.ps1"

function Get-PSNetLocalizedData
{
    # Returns the strings of a folder in the user's language, in English where there is no translation.
    [CmdletBinding()]
    [OutputType([System.Collections.Hashtable])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Folder,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Name
    )

    $culture = $PSUICulture
    $file = Join-Path -Path (Join-Path -Path $Folder -ChildPath $culture) -ChildPath "$Name.strings.psd1"
    if (-not (Test-Path -LiteralPath $file -PathType Leaf))
    {
        $culture = 'en-US'
    }
    Import-LocalizedData -BindingVariable 'localizedData' -FileName "$Name.strings.psd1" -BaseDirectory $Folder -UICulture $culture
    return $localizedData
}

$script:strings = Get-PSNetLocalizedData -Folder $PSScriptRoot -Name 'PSNetDsc.Common'

function Compare-PSNetState
{
    # Returns the names of the declared properties that are otherwise; each is told in a verbose message.
    [CmdletBinding()]
    [OutputType([System.String[]])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Current,

        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Desired,

        [Parameter()]
        [System.String[]]
        $IgnoreCase = @()
    )

    foreach ($name in @($Desired.Keys))
    {
        $old = @($Current[$name] | Where-Object -FilterScript { $null -ne $_ }) -join ', '
        $new = @($Desired[$name] | Where-Object -FilterScript { $null -ne $_ }) -join ', '
        if (($old -cne $new) -and (($old -ne $new) -or ($IgnoreCase -notcontains $name)))
        {
            Write-Verbose -Message ($script:strings.Differs -f $name, $old, $new)
            Write-Output -InputObject $name
        }
    }
}

function Assert-PSNetParameter
{
    # Refuses to go on without the properties that are needed when Ensure is Present.
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Bound,

        [Parameter(Mandatory = $true)]
        [System.String[]]
        $Name
    )

    foreach ($item in $Name)
    {
        if ((@($Bound.Keys) -notcontains $item) -or ($null -eq $Bound[$item]))
        {
            Write-Error -Message ($script:strings.PropertyMissing -f $item) -ErrorId 'PSNet.PropertyMissing' -Category InvalidArgument -TargetObject $item
        }
    }
}

function Set-PSNetLedgerEntry
{
    # Records in the ledger what psnet made; without an entry, that it is gone.
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Key,

        [Parameter()]
        [AllowNull()]
        [System.Collections.Specialized.OrderedDictionary]
        $Entry
    )

    if (($null -ne $Entry) -or (@((Get-PSNetLedger).Keys) -contains $Key))
    {
        $folder = Protect-PSNetFolder
        Add-PSNetLedgerEntry -Folder $folder -Key $Key -Entry $Entry
        if ((Get-Item -LiteralPath (Join-Path -Path $folder -ChildPath 'ledger.jsonl')).Length -gt 65536)
        {
            Set-PSNetLedger -Ledger (Get-PSNetLedger)
        }
    }
}

Export-ModuleMember -Function @(
    'Assert-PSNetParameter'
    'Compare-PSNetState'
    'ConvertFrom-PSNetMacPool'
    'ConvertFrom-PSNetSubnet'
    'ConvertFrom-PSNetText'
    'ConvertTo-PSNetAddress'
    'ConvertTo-PSNetAddressSet'
    'ConvertTo-PSNetNumericAcl'
    'ConvertTo-PSNetPortSet'
    'ConvertTo-PSNetProfileSet'
    'ConvertTo-PSNetProtocol'
    'ConvertTo-PSNetText'
    'Find-PSNetEndpoint'
    'Find-PSNetNetwork'
    'Get-PSNetCniSetting'
    'Get-PSNetEndpointPolicy'
    'Get-PSNetFirewallRule'
    'Get-PSNetLedger'
    'Get-PSNetLocalizedData'
    'Get-PSNetProperty'
    'Invoke-PSNetDocker'
    'Invoke-PSNetHns'
    'New-PSNetNetwork'
    'Protect-PSNetFolder'
    'Remove-PSNetNetwork'
    'Resolve-PSNetBackend'
    'Resolve-PSNetNetwork'
    'Set-PSNetLedgerEntry'
    'Test-PSNetAclList'
    'Test-PSNetEndpointPolicy'
    'Test-PSNetPrefixInside'
    'Update-PSNetEndpointPolicy'
)
