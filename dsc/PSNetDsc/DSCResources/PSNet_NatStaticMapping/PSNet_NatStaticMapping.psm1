# Static port mappings of WinNAT, one a port.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module -Name "$PSScriptRoot\..\..\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1"

$script:strings = Get-PSNetLocalizedData -Folder $PSScriptRoot -Name 'PSNet_NatStaticMapping'

function Get-TargetResource
{
    [CmdletBinding()]
    [OutputType([System.Collections.Hashtable])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Protocol,

        [Parameter(Mandatory = $true)]
        [System.String]
        $ExternalPort
    )

    Write-Verbose -Message ($script:strings.Reading -f $Name)
    $spec = Get-Spec -Bound $PSBoundParameters -ExternalAddress '0.0.0.0'
    $found = Find-Mapping -Name $Name -Spec $spec -AnyAddress
    $first = @($found.Mine) | Sort-Object -Property 'ExternalPort' | Select-Object -First 1
    $state = @{
        Name = $Name
        Protocol = $spec.Protocol
        ExternalPort = $ExternalPort
        Ensure = if ($null -eq $first) { 'Absent' } else { 'Present' }
        Network = $null
        ExternalAddress = $null
        InternalAddress = $null
        InternalPort = $null
    }
    if ($null -ne $first)
    {
        $ports = @($found.Mine | ForEach-Object -Process { [System.String] $_.InternalPort })
        $state.ExternalAddress = $first.ExternalIPAddress
        $state.InternalAddress = $first.InternalIPAddress
        $state.InternalPort = @(ConvertTo-PSNetPortSet -Port $ports) -join ','
        $state.Network = Get-PSNetProperty -InputObject (Get-PSNetProperty -InputObject ([PSCustomObject] (Get-PSNetLedger)) -Name "nat_static_mapping/$Name") -Name 'network'
    }
    return $state
}

function Test-TargetResource
{
    [CmdletBinding()]
    [OutputType([System.Boolean])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Protocol,

        [Parameter(Mandatory = $true)]
        [System.String]
        $ExternalPort,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [System.String]
        $Network,

        [Parameter()]
        [System.String]
        $ExternalAddress = '0.0.0.0',

        [Parameter()]
        [System.String]
        $InternalAddress,

        [Parameter()]
        [System.String]
        $InternalPort
    )

    Write-Verbose -Message ($script:strings.Reading -f $Name)
    $spec = Get-Spec -Bound $PSBoundParameters -ExternalAddress $ExternalAddress
    $found = Find-Mapping -Name $Name -Spec $spec
    $there = if (@($found.Mine).Count -gt 0) { 'Present' } else { 'Absent' }
    if ($there -ne $Ensure)
    {
        Write-Verbose -Message ($script:strings.Otherwise -f $Name, $there, $Ensure)
        return $false
    }
    if (($Ensure -eq 'Present') -and ((@($found.Stale).Count -gt 0) -or (@($found.Missing).Count -gt 0)))
    {
        Write-Verbose -Message ($script:strings.Differs -f @($found.Stale).Count, @($found.Missing).Count)
        return $false
    }
    return $true
}

function Set-TargetResource
{
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Protocol,

        [Parameter(Mandatory = $true)]
        [System.String]
        $ExternalPort,

        [Parameter()]
        [ValidateSet('Present', 'Absent')]
        [System.String]
        $Ensure = 'Present',

        [Parameter()]
        [System.String]
        $Network,

        [Parameter()]
        [System.String]
        $ExternalAddress = '0.0.0.0',

        [Parameter()]
        [System.String]
        $InternalAddress,

        [Parameter()]
        [System.String]
        $InternalPort
    )

    $null = Protect-PSNetFolder
    $spec = Get-Spec -Bound $PSBoundParameters -ExternalAddress $ExternalAddress
    $found = Find-Mapping -Name $Name -Spec $spec
    $gone = if ($Ensure -eq 'Absent') { @($found.Mine) } else { @($found.Stale) }
    foreach ($item in $gone)
    {
        Write-Verbose -Message ($script:strings.Removing -f $Name)
        Remove-NetNatStaticMapping -NatName $item.NatName -StaticMappingID $item.StaticMappingID -Confirm:$false
    }
    if ($Ensure -eq 'Absent')
    {
        Set-PSNetLedgerEntry -Key "nat_static_mapping/$Name" -Entry $null
        return
    }
    if ((@($found.Stale).Count -eq 0) -and (@($found.Missing).Count -eq 0))
    {
        return
    }
    Assert-PSNetParameter -Bound $PSBoundParameters -Name 'Network', 'InternalAddress'
    $nat = Get-Nat -Network $Network
    foreach ($offset in @($found.Missing))
    {
        Write-Verbose -Message ($script:strings.Adding -f $spec.Protocol, $spec.ExternalAddress, ($spec.First + $offset), $spec.InternalAddress, ($spec.Inner + $offset))
        $null = Add-NetNatStaticMapping -NatName $nat -Protocol $spec.Protocol -ExternalIPAddress $spec.ExternalAddress -ExternalPort ($spec.First + $offset) -InternalIPAddress $spec.InternalAddress -InternalPort ($spec.Inner + $offset)
    }
    $entry = [ordered]@{
        network = $Network
        protocol = $spec.Protocol
        external_address = $spec.ExternalAddress
        external_port = ConvertTo-PlainPort -Port $ExternalPort
        internal_address = $spec.InternalAddress
        internal_port = ConvertTo-PlainPort -Port $spec.InternalPort
    }
    Set-PSNetLedgerEntry -Key "nat_static_mapping/$Name" -Entry $entry
}

function Get-Spec
{
    # What is declared: protocol, addresses, first and last ports; inside the same ports unless others are declared.
    [CmdletBinding()]
    [OutputType([System.Collections.Hashtable])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Bound,

        [Parameter(Mandatory = $true)]
        [System.String]
        $ExternalAddress
    )

    $outer = @($Bound['ExternalPort'].Split('-') | ForEach-Object -Process { [System.Int32] $_.Trim() })
    $inside = if (@($Bound.Keys) -contains 'InternalPort') { $Bound['InternalPort'] } else { $Bound['ExternalPort'] }
    return @{
        Protocol = ConvertTo-PSNetProtocol -Protocol $Bound['Protocol']
        ExternalAddress = $ExternalAddress
        First = $outer[0]
        Last = $outer[-1]
        InternalAddress = if (@($Bound.Keys) -contains 'InternalAddress') { $Bound['InternalAddress'] } else { $null }
        InternalPort = $inside
        Inner = [System.Int32] $inside.Split('-')[0].Trim()
    }
}

function Find-Mapping
{
    # Mine: what stands on the declared ports, and what the ledger remembers under this name; of it Stale: what leads
    # elsewhere than declared. Missing: offsets of the declared ports that are not mapped as they should.
    [CmdletBinding()]
    [OutputType([System.Collections.Hashtable])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter(Mandatory = $true)]
        [System.Collections.Hashtable]
        $Spec,

        [Parameter()]
        [System.Management.Automation.SwitchParameter]
        $AnyAddress
    )

    $known = @(Get-NetNatStaticMapping)
    $old = Get-Remembered -Name $Name
    $mine = @()
    $stale = @()
    $right = @()
    foreach ($item in $known)
    {
        $protocol = ConvertTo-PSNetProtocol -Protocol ([System.String] $item.Protocol)
        $offset = [System.Int32] $item.ExternalPort - $Spec.First
        $declared = ($protocol -eq $Spec.Protocol) -and ($item.ExternalPort -ge $Spec.First) -and ($item.ExternalPort -le $Spec.Last) -and ($AnyAddress -or ($item.ExternalIPAddress -eq $Spec.ExternalAddress))
        if ($declared)
        {
            $mine += $item
            if (($item.InternalIPAddress -eq $Spec.InternalAddress) -and ($item.InternalPort -eq ($Spec.Inner + $offset)))
            {
                $right += $offset
            }
            else
            {
                $stale += $item
            }
        }
        elseif (($null -ne $old) -and ($protocol -eq $old.Protocol) -and ($item.ExternalIPAddress -eq $old.ExternalAddress) -and ($item.ExternalPort -ge $old.First) -and ($item.ExternalPort -le $old.Last) -and ($item.InternalIPAddress -eq $old.InternalAddress) -and ($item.InternalPort -eq ($old.Inner + $item.ExternalPort - $old.First)))
        {
            $mine += $item
            $stale += $item
        }
    }
    $missing = @(for ($offset = 0; $offset -le ($Spec.Last - $Spec.First); $offset++)
        {
            if ($right -notcontains $offset)
            {
                $offset
            }
        })
    return @{ Mine = $mine; Stale = $stale; Missing = $missing }
}

function Get-Remembered
{
    # What the ledger says that a mapping of this name stood for; nothing when it says nothing that makes sense.
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name
    )

    $ledger = Get-PSNetLedger
    if (@($ledger.Keys) -notcontains "nat_static_mapping/$Name")
    {
        return
    }
    $entry = $ledger["nat_static_mapping/$Name"]
    $bound = @{}
    foreach ($pair in @(@('protocol', 'Protocol'), @('external_port', 'ExternalPort'), @('internal_address', 'InternalAddress'), @('internal_port', 'InternalPort'), @('external_address', 'ExternalAddress')))
    {
        $value = "$(Get-PSNetProperty -InputObject $entry -Name $pair[0])"
        if ([System.String]::IsNullOrEmpty($value) -or (($pair[0] -like '*_port') -and ($value -notmatch '^\d+(-\d+)?$')))
        {
            return
        }
        $bound[$pair[1]] = $value
    }
    return Get-Spec -Bound $bound -ExternalAddress $bound['ExternalAddress']
}

function Get-Nat
{
    # The name of the NetNat whose internal prefix holds the network's.
    [CmdletBinding()]
    [OutputType([System.String])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Network
    )

    $own = @(Get-NetNat | Where-Object -FilterScript { $_.Name -eq $Network })
    if ($own.Count -gt 0)
    {
        return $own[0].Name
    }
    $found = Resolve-PSNetNetwork -Name $Network
    $subnet = @(Get-PSNetProperty -InputObject $found -Name 'Subnets' | Where-Object -FilterScript { $null -ne $_ }) | Select-Object -First 1
    $prefix = Get-PSNetProperty -InputObject $subnet -Name 'AddressPrefix'
    if ([System.String]::IsNullOrEmpty($prefix))
    {
        Write-Error -Message ($script:strings.NoNetwork -f $Network) -ErrorId 'PSNet.NetworkNotFound' -Category ObjectNotFound -TargetObject $Network
    }
    $nat = @(Get-NetNat | Where-Object -FilterScript { Test-PSNetPrefixInside -Inner $prefix -Outer $_.InternalIPInterfaceAddressPrefix })
    if ($nat.Count -eq 0)
    {
        Write-Error -Message ($script:strings.NoNat -f $prefix) -ErrorId 'PSNet.NatNotFound' -Category ObjectNotFound -TargetObject $prefix
    }
    return $nat[0].Name
}

function ConvertTo-PlainPort
{
    # A port as the ledger keeps it: a number, or a text for a range.
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Port
    )

    if ($Port -match '^\d+$')
    {
        return [System.Int32] $Port
    }
    return $Port
}

Export-ModuleMember -Function @('Get-TargetResource', 'Set-TargetResource', 'Test-TargetResource')
