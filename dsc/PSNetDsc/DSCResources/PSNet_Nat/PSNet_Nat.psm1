# NATs of WinNAT beside container networks.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module -Name "$PSScriptRoot\..\..\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1"

$script:strings = Get-PSNetLocalizedData -Folder $PSScriptRoot -Name 'PSNet_Nat'

<#
    .SYNOPSIS
        Returns what is on the host, and why it is not as it is declared.

    .DESCRIPTION
        A NAT for an internal switch, such as one for virtual machines; container networks of mode nat have
        their own. Up to Windows Server 2016 WinNAT has one internal prefix a host. Another prefix replaces the
        NAT; external addresses are added and taken away one by one, and left alone when ExternalAddresses is
        not given.

    .PARAMETER Name
        Unique on the host.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER Prefix
        The internal prefix; up to Windows Server 2016 one a host; needed when Ensure is Present.

    .PARAMETER ExternalAddresses
        The addresses that it uses; not compared when left out; each is a text: Address=...; Ports=....

    .PARAMETER Switch
        An internal virtual switch on its inside, made when it is not there (New-VMSwitch).

    .PARAMETER Gateway
        The host's address on that switch; the first of the prefix when left out.

    .OUTPUTS
        System.Collections.Hashtable
#>
function Get-TargetResource
{
    [CmdletBinding()]
    [OutputType([System.Collections.Hashtable])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [System.String]
        $Prefix,

        [Parameter()]
        [System.String[]]
        $ExternalAddresses,

        [Parameter()]
        [System.String]
        $Switch,

        [Parameter()]
        [System.String]
        $Gateway
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Reading -f $Name)
    $state = Get-NatState -Name $Name
    $state.Reasons = @(Get-PSNetReason -Resource 'PSNetNat' -Bound $PSBoundParameters -Finds 'Name' -Test ${function:Test-TargetResource})
    return $state
}

<#
    .SYNOPSIS
        Says whether the host is as it is declared.

    .DESCRIPTION
        A NAT for an internal switch, such as one for virtual machines; container networks of mode nat have
        their own. Up to Windows Server 2016 WinNAT has one internal prefix a host. Another prefix replaces the
        NAT; external addresses are added and taken away one by one, and left alone when ExternalAddresses is
        not given.

    .PARAMETER Name
        Unique on the host.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER Prefix
        The internal prefix; up to Windows Server 2016 one a host; needed when Ensure is Present.

    .PARAMETER ExternalAddresses
        The addresses that it uses; not compared when left out; each is a text: Address=...; Ports=....

    .PARAMETER Switch
        An internal virtual switch on its inside, made when it is not there (New-VMSwitch).

    .PARAMETER Gateway
        The host's address on that switch; the first of the prefix when left out.

    .OUTPUTS
        System.Boolean
#>
function Test-TargetResource
{
    [CmdletBinding()]
    [OutputType([System.Boolean])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [System.String]
        $Prefix,

        [Parameter()]
        [System.String[]]
        $ExternalAddresses,

        [Parameter()]
        [System.String]
        $Switch,

        [Parameter()]
        [System.String]
        $Gateway
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    Write-Verbose -Message ($script:strings.Reading -f $Name)
    $state = Get-NatState -Name $Name
    if ($state.Ensure -ne $Ensure)
    {
        Write-PSNetDifference -Message ($script:strings.Otherwise -f $Name, $state.Ensure, $Ensure)
        return $false
    }
    return ($Ensure -eq 'Absent') -or (@(Get-Difference -State $state -Bound $PSBoundParameters).Count -eq 0)
}

<#
    .SYNOPSIS
        Makes what is declared, or takes it away.

    .DESCRIPTION
        A NAT for an internal switch, such as one for virtual machines; container networks of mode nat have
        their own. Up to Windows Server 2016 WinNAT has one internal prefix a host. Another prefix replaces the
        NAT; external addresses are added and taken away one by one, and left alone when ExternalAddresses is
        not given.

    .PARAMETER Name
        Unique on the host.

    .PARAMETER Ensure
        Whether it is there.

    .PARAMETER Prefix
        The internal prefix; up to Windows Server 2016 one a host; needed when Ensure is Present.

    .PARAMETER ExternalAddresses
        The addresses that it uses; not compared when left out; each is a text: Address=...; Ports=....

    .PARAMETER Switch
        An internal virtual switch on its inside, made when it is not there (New-VMSwitch).

    .PARAMETER Gateway
        The host's address on that switch; the first of the prefix when left out.
#>
function Set-TargetResource
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [System.String]
        $Prefix,

        [Parameter()]
        [System.String[]]
        $ExternalAddresses,

        [Parameter()]
        [System.String]
        $Switch,

        [Parameter()]
        [System.String]
        $Gateway
    )

    Remove-PSNetUnsetParameter -Bound $PSBoundParameters
    $lease = Lock-PSNetHost -Work "PSNetNat $Name"
    try
    {
        $null = Protect-PSNetFolder
        $state = Get-NatState -Name $Name
        if ($Ensure -eq 'Absent')
        {
            if ($state.Ensure -eq 'Present')
            {
                Write-Verbose -Message ($script:strings.Removing -f $Name)
                Remove-NetNat -Name $Name -Confirm:$false
            }
            $made = Get-MadeSwitch -Name $Name
            if (($null -ne $made) -and (@(Get-VMSwitch | Where-Object -FilterScript { $_.Name -eq $made }).Count -gt 0))
            {
                Remove-VMSwitch -Name $made -Force
            }
            Set-PSNetLedgerEntry -Key "nat/$Name" -Entry $null
            return
        }
        Assert-PSNetParameter -Bound $PSBoundParameters -Name 'Prefix'
        # WinNAT refuses a prefix whose host part is not zero, however it is spelt.
        $Prefix = ConvertTo-PSNetAddress -Address $Prefix
        $different = @(if ($state.Ensure -eq 'Present') { Get-Difference -State $state -Bound $PSBoundParameters })
        if (($state.Ensure -eq 'Present') -and ($different.Count -eq 0))
        {
            return
        }
        if ($different -contains 'Prefix')
        {
            Write-Verbose -Message ($script:strings.Removing -f $Name)
            Remove-NetNat -Name $Name -Confirm:$false
            $state = Get-NatState -Name $Name
        }
        $made = Get-MadeSwitch -Name $Name
        if (@($PSBoundParameters.Keys) -contains 'Switch')
        {
            if (@(Get-VMSwitch | Where-Object -FilterScript { $_.Name -eq $Switch }).Count -eq 0)
            {
                $null = New-VMSwitch -Name $Switch -SwitchType Internal
                $made = $Switch
            }
            $inside = Get-Inside -Bound $PSBoundParameters
            if (@(Get-NetIPAddress | Where-Object -FilterScript { $_.IPAddress -eq $inside }).Count -eq 0)
            {
                $null = New-NetIPAddress -InterfaceAlias "vEthernet ($Switch)" -IPAddress $inside -PrefixLength ([System.Int32] $Prefix.Split('/')[1])
            }
        }
        if ($state.Ensure -eq 'Absent')
        {
            Write-Verbose -Message ($script:strings.Making -f $Name)
            $null = New-NetNat -Name $Name -InternalIPInterfaceAddressPrefix $Prefix
        }
        if (@($PSBoundParameters.Keys) -contains 'ExternalAddresses')
        {
            Set-ExternalAddress -Name $Name -Text $ExternalAddresses
        }
        $entry = [ordered]@{ name = $Name; prefix = $Prefix }
        if ($null -ne $made)
        {
            $entry['switch'] = $made
        }
        Set-PSNetLedgerEntry -Key "nat/$Name" -Entry $entry
    }
    finally
    {
        Unlock-PSNetHost -Lease $lease
    }
}

<#
    .SYNOPSIS
        The name of the switch that was made for a NAT, as the ledger knows it.

    .PARAMETER Name
        The name of the thing.
#>
function Get-MadeSwitch
{
    [CmdletBinding()]
    [OutputType([System.String])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name
    )

    $ledger = Get-PSNetLedger
    if (@($ledger.Keys) -contains "nat/$Name")
    {
        return Get-PSNetProperty -InputObject $ledger["nat/$Name"] -Name 'switch'
    }
}

<#
    .SYNOPSIS
        The host's address on the NAT's switch: the declared one, or the first of the prefix.

    .PARAMETER Bound
        The parameters that the resource was given ($PSBoundParameters).
#>
function Get-Inside
{
    [CmdletBinding()]
    [OutputType([System.String])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Bound
    )

    if (@($Bound.Keys) -contains 'Gateway')
    {
        return $Bound['Gateway']
    }
    return Get-PSNetGateway -Subnet ([ordered]@{ Prefix = $Bound['Prefix'] })
}

<#
    .SYNOPSIS
        The properties of a NAT as the host has it.

    .PARAMETER Name
        The name of the thing.
#>
function Get-NatState
{
    [CmdletBinding()]
    [OutputType([System.Collections.Hashtable])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name
    )

    $state = @{ Name = $Name; Ensure = 'Absent'; Prefix = $null; ExternalAddresses = @(); Switch = (Get-MadeSwitch -Name $Name); Gateway = $null }
    $nat = Get-NetNat | Where-Object -FilterScript { $_.Name -eq $Name } | Select-Object -First 1
    if ($null -ne $nat)
    {
        $state.Ensure = 'Present'
        $state.Prefix = $nat.InternalIPInterfaceAddressPrefix
        $state.ExternalAddresses = [System.String[]] @(Get-ExternalAddress -Name $Name | ForEach-Object -Process { ConvertTo-AddressText -Address $_.IPAddress -First $_.PortStart -Last $_.PortEnd } | Sort-Object)
    }
    return $state
}

<#
    .SYNOPSIS
        The external addresses of a NAT.

    .PARAMETER Name
        The name of the thing.
#>
function Get-ExternalAddress
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name
    )

    Get-NetNatExternalAddress -ErrorAction SilentlyContinue | Where-Object -FilterScript { $_.NatName -eq $Name }
}

<#
    .SYNOPSIS
        An external address in the spelling that is declared.

    .PARAMETER Address
        The external address.

    .PARAMETER First
        The first port, 0 for no range.

    .PARAMETER Last
        The last port, 0 for no range.
#>
function ConvertTo-AddressText
{
    [CmdletBinding()]
    [OutputType([System.String])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Address,

        [Parameter()]
        [System.Int32]
        $First = 0,

        [Parameter()]
        [System.Int32]
        $Last = 0
    )

    $ports = if ($First -eq 0) { $null } elseif ($First -eq $Last) { "$First" } else { "$First-$Last" }
    return ConvertTo-PSNetText -Pairs ([ordered]@{ Address = $Address; Ports = $ports })
}

<#
    .SYNOPSIS
        The declared external addresses: address, first and last port, 0 where no range is given.

    .PARAMETER Text
        A text for each record.
#>
function Get-Wanted
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.String[]]
        $Text
    )

    foreach ($item in $Text)
    {
        $pairs = ConvertFrom-PSNetText -Text $item -Name 'Address', 'Ports'
        $ends = @(if (@($pairs.Keys) -contains 'Ports') { $pairs['Ports'].Split('-') | ForEach-Object -Process { [System.Int32] $_.Trim() } } else { 0 })
        [PSCustomObject] @{ Address = $pairs['Address']; First = $ends[0]; Last = $ends[-1] }
    }
}

<#
    .SYNOPSIS
        The names of the declared properties that the host has otherwise.

    .PARAMETER State
        The properties of the thing as the host has it.

    .PARAMETER Bound
        The parameters that the resource was given ($PSBoundParameters).
#>
function Get-Difference
{
    [CmdletBinding()]
    [OutputType([System.String[]])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Collections.Hashtable]
        $State,

        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Bound
    )

    $desired = [ordered]@{}
    if (@($Bound.Keys) -contains 'Prefix')
    {
        $desired['Prefix'] = ConvertTo-PSNetAddress -Address $Bound['Prefix']
    }
    if (@($Bound.Keys) -contains 'ExternalAddresses')
    {
        $desired['ExternalAddresses'] = @(Get-Wanted -Text $Bound['ExternalAddresses'] | ForEach-Object -Process { ConvertTo-AddressText -Address $_.Address -First $_.First -Last $_.Last } | Sort-Object)
    }
    Compare-PSNetState -Current $State -Desired $desired
    if ((@($Bound.Keys) -contains 'Switch') -and (@($Bound.Keys) -contains 'Prefix'))
    {
        $inside = Get-Inside -Bound $Bound
        $there = @(Get-VMSwitch | Where-Object -FilterScript { $_.Name -eq $Bound['Switch'] })
        $own = @(Get-NetIPAddress | Where-Object -FilterScript { $_.IPAddress -eq $inside })
        if (($there.Count -eq 0) -or ($own.Count -eq 0))
        {
            'Switch'
        }
    }
}

<#
    .SYNOPSIS
        Takes away the external addresses that are not declared, and adds those that are missing.

    .PARAMETER Name
        The name of the thing.

    .PARAMETER Text
        A text for each record.
#>
function Set-ExternalAddress
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
        $Text
    )

    $wanted = @(Get-Wanted -Text $Text)
    $words = @($wanted | ForEach-Object -Process { ConvertTo-AddressText -Address $_.Address -First $_.First -Last $_.Last })
    $kept = @(foreach ($item in @(Get-ExternalAddress -Name $Name))
        {
            $word = ConvertTo-AddressText -Address $item.IPAddress -First $item.PortStart -Last $item.PortEnd
            if ($words -contains $word)
            {
                $word
            }
            else
            {
                Remove-NetNatExternalAddress -NatName $Name -ExternalAddressID $item.ExternalAddressID -Confirm:$false
            }
        })
    foreach ($item in $wanted)
    {
        if ($kept -contains (ConvertTo-AddressText -Address $item.Address -First $item.First -Last $item.Last))
        {
            continue
        }
        $parameters = @{ NatName = $Name; IPAddress = $item.Address }
        if ($item.First -ne 0)
        {
            $parameters.PortStart = $item.First
            $parameters.PortEnd = $item.Last
        }
        $null = Add-NetNatExternalAddress @parameters
    }
}

Export-ModuleMember -Function @('Get-TargetResource', 'Set-TargetResource', 'Test-TargetResource')
