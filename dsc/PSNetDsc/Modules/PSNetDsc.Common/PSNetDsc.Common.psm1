# What the resources of PSNetDsc share: strings, comparison, backends, networks, the ledger.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

. "$PSScriptRoot\PSNetDsc.Shared.ps1"
. "$PSScriptRoot\PSNetDsc.Values.ps1"
. "$PSScriptRoot\PSNetDsc.Lease.ps1"
. "$PSScriptRoot\PSNetDsc.Networks.ps1"
. "$PSScriptRoot\PSNetDsc.Endpoints.ps1"
. "$PSScriptRoot\PSNetDsc.Ports.ps1"
. "$PSScriptRoot\PSNetDsc.Rules.ps1"

<#
    .SYNOPSIS
        Returns the strings of a folder in the user's language, in English where there is no translation.

    .PARAMETER Folder
        The folder that holds a folder for each language.

    .PARAMETER Name
        The name of the file of strings, without its ending.
#>
function Get-PSNetLocalizedData
{
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
# What Test says while somebody asks for reasons.
$script:reasons = $null

<#
    .SYNOPSIS
        Returns the names of the declared properties that are otherwise; each is told in a verbose message.

    .PARAMETER Current
        The values of the host by property.

    .PARAMETER Desired
        The declared values by property.

    .PARAMETER IgnoreCase
        The properties whose letters may be large or small.
#>
function Compare-PSNetState
{
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
            Write-PSNetDifference -Message ($script:strings.Differs -f $name, $old, $new) -Code $name
            Write-Output -InputObject $name
        }
    }
}

<#
    .SYNOPSIS
        Fails when a thing that was just made is not as it was sent: HNS answers with success for what it does
        not keep (claim c113).

    .PARAMETER Name
        The name of the thing.

    .PARAMETER Property
        The names of the properties that the host has otherwise.
#>
function Confirm-PSNetKept
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.String[]]
        $Property
    )

    if ($Property.Count -gt 0)
    {
        Write-Error -Message ($script:strings.NotKept -f $Name, ($Property -join ', ')) -ErrorId 'PSNet.NotKept' -Category InvalidResult -TargetObject $Name
    }
}

<#
    .SYNOPSIS
        Says what is otherwise than declared: in a verbose message, and to whoever asks for reasons.

    .PARAMETER Message
        What differs, in the user's language.

    .PARAMETER Code
        The property that differs.
#>
function Write-PSNetDifference
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Message,

        [Parameter()]
        [System.String]
        $Code = 'Ensure'
    )

    Write-Verbose -Message $Message
    if ($null -ne $script:reasons)
    {
        $script:reasons.Add(@{ Code = $Code; Phrase = $Message })
    }
}

<#
    .SYNOPSIS
        Returns why a resource is not in its desired state, as machine configuration reads it: hashtables with
        Code (Resource:Resource:Property) and Phrase. None when it is, or when nothing but what finds the thing
        is known.

    .PARAMETER Resource
        The name of the resource.

    .PARAMETER Bound
        The parameters that the resource was given ($PSBoundParameters).

    .PARAMETER Finds
        The properties that find the thing and say nothing of its state.

    .PARAMETER Test
        Test-TargetResource of the resource.
#>
function Get-PSNetReason
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Resource,

        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Bound,

        [Parameter(Mandatory = $true)]
        [System.String[]]
        $Finds,

        [Parameter(Mandatory = $true)]
        [System.Management.Automation.ScriptBlock]
        $Test
    )

    $given = @($Bound.Keys | Where-Object -FilterScript { ($Finds -notcontains $_) -and ($_ -notin @('Verbose', 'Debug', 'ErrorAction', 'WarningAction', 'InformationAction')) })
    if ($given.Count -eq 0)
    {
        return
    }
    $script:reasons = New-Object -TypeName 'System.Collections.Generic.List[object]'
    $found = @()
    try
    {
        $good = & $Test @Bound
        $found = @($script:reasons.ToArray())
        if ((-not $good) -and ($found.Count -eq 0))
        {
            $found = @(@{ Code = 'Ensure'; Phrase = $script:strings.NotAsDeclared })
        }
        elseif ($good)
        {
            $found = @()
        }
        if ($found.Count -gt 0)
        {
            $found += @(Get-PSNetBusyReason)
        }
    }
    catch
    {
        $found = @(@{ Code = 'Failed'; Phrase = [System.String] $_ })
    }
    finally
    {
        $script:reasons = $null
    }
    foreach ($item in $found)
    {
        @{ Code = '{0}:{0}:{1}' -f $Resource, $item.Code; Phrase = $item.Phrase }
    }
}

<#
    .SYNOPSIS
        Takes those parameters out that were given as $null or as an empty text: they are not declared.

    .PARAMETER Bound
        The parameters that the resource was given ($PSBoundParameters).
#>
function Remove-PSNetUnsetParameter
{
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'It changes a dictionary alone.')]
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Bound
    )

    foreach ($name in @($Bound.Keys))
    {
        if (($null -eq $Bound[$name]) -or (($Bound[$name] -is [System.String]) -and ($Bound[$name] -eq '')))
        {
            $null = $Bound.Remove($name)
        }
    }
}

<#
    .SYNOPSIS
        Refuses to go on without the properties that are needed when Ensure is Present.

    .PARAMETER Bound
        The parameters that the resource was given ($PSBoundParameters).

    .PARAMETER Name
        The properties that are needed.
#>
function Assert-PSNetParameter
{
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

<#
    .SYNOPSIS
        Records in the ledger what psnet made; without an entry, that it is gone.

    .PARAMETER Key
        The kind and the name of the thing, such as nat/web.

    .PARAMETER Entry
        What is recorded; without it, the thing is gone.
#>
function Set-PSNetLedgerEntry
{
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
    'Add-PSNetLead'
    'Assert-PSNetIdle'
    'Assert-PSNetParameter'
    'Connect-PSNetEndpoint'
    'Compare-PSNetState'
    'Confirm-PSNetHcnPolicy'
    'Confirm-PSNetKept'
    'Confirm-PSNetPolicy'
    'ConvertFrom-PSNetMacPool'
    'ConvertFrom-PSNetSubnet'
    'ConvertFrom-PSNetText'
    'ConvertTo-PSNetAclRule'
    'ConvertTo-PSNetAddress'
    'ConvertTo-PSNetAddressSet'
    'ConvertTo-PSNetHcnPolicy'
    'ConvertTo-PSNetNumericAcl'
    'ConvertTo-PSNetPortSet'
    'ConvertTo-PSNetProfileSet'
    'ConvertTo-PSNetProtocol'
    'ConvertTo-PSNetPolicyText'
    'ConvertTo-PSNetText'
    'Enable-PSNetForwarding'
    'Find-PSNetEndpoint'
    'Find-PSNetNetwork'
    'Get-PSNetCniSetting'
    'Get-PSNetEndpoint'
    'Get-PSNetEndpointPolicy'
    'Get-PSNetFirewallRule'
    'Get-PSNetGateway'
    'Get-PSNetLead'
    'Get-PSNetLedger'
    'Get-PSNetLocalizedData'
    'Get-PSNetNetworkPolicy'
    'Get-PSNetProperty'
    'Get-PSNetReason'
    'Invoke-PSNetDocker'
    'Invoke-PSNetHcn'
    'Invoke-PSNetHns'
    'Lock-PSNetHost'
    'New-PSNetNetwork'
    'Protect-PSNetFolder'
    'Remove-PSNetLead'
    'Remove-PSNetNetwork'
    'Remove-PSNetUnsetParameter'
    'Resolve-PSNetBackend'
    'Resolve-PSNetNetwork'
    'Resolve-PSNetPortWay'
    'Set-PSNetFile'
    'Set-PSNetLedgerEntry'
    'Set-PSNetNetworkPolicy'
    'Test-PSNetAclList'
    'Test-PSNetEndpointPolicy'
    'Test-PSNetForwarding'
    'Test-PSNetHcn'
    'Test-PSNetHcnEndpoint'
    'Test-PSNetPrefixInside'
    'Unlock-PSNetHost'
    'Update-PSNetEndpointPolicy'
    'Write-PSNetDifference'
)
