# What the resources of PSNetDsc share: strings, comparison, backends, networks, the ledger.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

. "$PSScriptRoot\PSNetDsc.Shared.ps1"

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

function ConvertFrom-PSNetText
{
    # Reads a text such as 'Prefix=10.0.0.0/24; Gateway=10.0.0.1'; the first name may be left out.
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Text,

        [Parameter(Mandatory = $true)]
        [System.String[]]
        $Name
    )

    $found = [ordered]@{}
    foreach ($part in $Text.Split(';'))
    {
        if ([System.String]::IsNullOrEmpty($part.Trim()))
        {
            continue
        }
        $pair = $part.Split([System.Char[]] '=', 2)
        if (($pair.Count -eq 1) -and ($found.Count -eq 0))
        {
            $pair = @($Name[0], $pair[0])
        }
        $key = @($Name | Where-Object -FilterScript { $_ -eq $pair[0].Trim() })
        if (($pair.Count -ne 2) -or ($key.Count -ne 1))
        {
            Write-Error -Message ($script:strings.BadText -f $Text, ($Name -join ', ')) -ErrorId 'PSNet.BadText' -Category InvalidArgument -TargetObject $Text
        }
        $found[$key[0]] = $pair[1].Trim()
    }
    return $found
}

function ConvertTo-PSNetText
{
    # Writes pairs as ConvertFrom-PSNetText reads them, without those that say nothing.
    [CmdletBinding()]
    [OutputType([System.String])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Collections.Specialized.OrderedDictionary]
        $Pairs
    )

    $parts = @(foreach ($key in @($Pairs.Keys))
        {
            if (-not [System.String]::IsNullOrEmpty([System.String] $Pairs[$key]))
            {
                "$key=$($Pairs[$key])"
            }
        })
    return $parts -join '; '
}

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

function ConvertTo-PSNetProtocol
{
    # The one spelling of a protocol: TCP, UDP, ICMPv4, ICMPv6, Any, or another number.
    [CmdletBinding()]
    [OutputType([System.String])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Protocol
    )

    $numbers = [ordered]@{ Any = 'any'; ICMPv4 = '1'; TCP = '6'; UDP = '17'; ICMPv6 = '58' }
    foreach ($name in @($numbers.Keys))
    {
        if (($Protocol.Trim() -eq $name) -or ($Protocol.Trim() -eq $numbers[$name]))
        {
            return $name
        }
    }
    return $Protocol.Trim()
}

function ConvertTo-PSNetPortSet
{
    # The one spelling of a set of ports: ranges merged and in order, then keywords.
    [CmdletBinding()]
    [OutputType([System.String[]])]
    param
    (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.String[]]
        $Port
    )

    $words = @($Port | ForEach-Object -Process { $_.Split(',') } | ForEach-Object -Process { $_.Trim() } | Where-Object -FilterScript { $_ -ne '' })
    if (($words.Count -eq 0) -or ($words -contains 'Any'))
    {
        return 'Any'
    }
    $ranges = @($words | Where-Object -FilterScript { $_ -match '^\d+(\s*-\s*\d+)?$' } | ForEach-Object -Process {
            $ends = @($_.Split('-') | ForEach-Object -Process { [System.Int32] $_.Trim() })
            [PSCustomObject] @{ First = $ends[0]; Last = $ends[-1] }
        } | Sort-Object -Property 'First', 'Last')
    $first = $null
    $last = $null
    foreach ($range in $ranges)
    {
        if (($null -ne $last) -and ($range.First -le ($last + 1)))
        {
            $last = [System.Math]::Max($last, $range.Last)
            continue
        }
        if ($null -ne $last)
        {
            if ($first -eq $last) { "$first" } else { "$first-$last" }
        }
        $first = $range.First
        $last = $range.Last
    }
    if ($null -ne $last)
    {
        if ($first -eq $last) { "$first" } else { "$first-$last" }
    }
    $words | Where-Object -FilterScript { $_ -notmatch '^\d' } | Sort-Object -Unique
}

function ConvertTo-PSNetAddress
{
    # The one spelling of an address, a prefix, a range or a keyword: 10.0.0.0/255.0.0.0 is 10.0.0.0/8.
    [CmdletBinding()]
    [OutputType([System.String])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Address
    )

    if ($Address -notmatch '^[0-9a-fA-F:.]+\s*([-/]\s*[0-9a-fA-F:.]+)?$')
    {
        return $Address
    }
    if ($Address.Contains('-'))
    {
        $ends = @($Address.Split('-') | ForEach-Object -Process { [System.Net.IPAddress]::Parse($_.Trim()).ToString() })
        if ($ends[0] -eq $ends[1])
        {
            return $ends[0]
        }
        return $ends -join '-'
    }
    if (-not $Address.Contains('/'))
    {
        $parsed = $null
        if ([System.Net.IPAddress]::TryParse($Address, [ref] $parsed))
        {
            return $parsed.ToString()
        }
        return $Address
    }
    $parts = $Address.Split('/')
    $bytes = [System.Net.IPAddress]::Parse($parts[0].Trim()).GetAddressBytes()
    $length = 0
    if ($parts[1].Contains('.'))
    {
        foreach ($byte in [System.Net.IPAddress]::Parse($parts[1].Trim()).GetAddressBytes())
        {
            for ($bit = 7; $bit -ge 0; $bit--)
            {
                $length += ($byte -shr $bit) -band 1
            }
        }
    }
    else
    {
        $length = [System.Int32] $parts[1].Trim()
    }
    for ($at = 0; $at -lt $bytes.Length; $at++)
    {
        $kept = [System.Math]::Max(0, [System.Math]::Min(8, $length - (8 * $at)))
        $bytes[$at] = $bytes[$at] -band (255 -band (255 -shl (8 - $kept)))
    }
    $network = ([System.Net.IPAddress]::new($bytes)).ToString()
    if ($length -eq (8 * $bytes.Length))
    {
        return $network
    }
    return "$network/$length"
}

function ConvertTo-PSNetAddressSet
{
    # The one spelling of a set of addresses, in order.
    [CmdletBinding()]
    [OutputType([System.String[]])]
    param
    (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.String[]]
        $Address
    )

    $words = @($Address | ForEach-Object -Process { $_.Split(',') } | ForEach-Object -Process { $_.Trim() } | Where-Object -FilterScript { $_ -ne '' })
    if (($words.Count -eq 0) -or ($words -contains 'Any'))
    {
        return 'Any'
    }
    $words | ForEach-Object -Process { ConvertTo-PSNetAddress -Address $_ } | Sort-Object -Unique
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

function Resolve-PSNetBackend
{
    # Returns containers, hns or docker: the one that is wanted, else the first that gives what is declared.
    [CmdletBinding()]
    [OutputType([System.String])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Backend,

        [Parameter()]
        [System.Boolean]
        $Lacking = $false
    )

    $available = [ordered]@{
        containers = $null -ne (Get-Command -Name 'New-ContainerNetwork' -ErrorAction SilentlyContinue)
        hns = $null -ne (Get-Service -Name 'hns' -ErrorAction SilentlyContinue)
        docker = $null -ne (Get-Service -Name 'docker' -ErrorAction SilentlyContinue)
    }
    if ($Backend -ne 'auto')
    {
        if (-not $available[$Backend])
        {
            Write-Error -Message ($script:strings.NoSuchBackend -f $Backend) -ErrorId 'PSNet.NoBackend' -Category NotInstalled -TargetObject $Backend
        }
        return $Backend
    }
    if ($Lacking -and $available['hns'])
    {
        return 'hns'
    }
    foreach ($name in @($available.Keys))
    {
        if ($available[$name])
        {
            return $name
        }
    }
    Write-Error -Message $script:strings.NoBackend -ErrorId 'PSNet.NoBackend' -Category NotInstalled
}

function Find-PSNetNetwork
{
    # Returns the HNS network of a name, or the one that docker calls so; nothing when there is none.
    [CmdletBinding()]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Name,

        [Parameter()]
        [System.String]
        $Backend = 'hns'
    )

    $known = @(Invoke-PSNetHns -Method GET -Path '/networks/')
    if ($Backend -eq 'docker')
    {
        $ids = @(Invoke-PSNetDocker -Arguments @('network', 'ls', '--quiet', '--no-trunc') | Where-Object -FilterScript { $_ -notmatch '^0+$' })
        if ($ids.Count -eq 0)
        {
            return
        }
        $text = @(Invoke-PSNetDocker -Arguments (@('network', 'inspect') + $ids)) -join "`n"
        $mine = @(ConvertFrom-Json -InputObject $text | ForEach-Object -Process { $_ } | Where-Object -FilterScript { $_.Name -ceq $Name })
        $ids = @($mine | ForEach-Object -Process { Get-PSNetProperty -InputObject $_.Options -Name 'com.docker.network.windowsshim.hnsid' })
        return $known | Where-Object -FilterScript { $ids -contains $_.ID } | Select-Object -First 1
    }
    return $known | Where-Object -FilterScript { $_.Name -eq $Name } | Select-Object -First 1
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

    $ledger = Get-PSNetLedger
    if ($null -ne $Entry)
    {
        $ledger[$Key] = $Entry
    }
    elseif (@($ledger.Keys) -contains $Key)
    {
        $ledger.Remove($Key)
    }
    else
    {
        return
    }
    Set-PSNetLedger -Ledger $ledger
}

Export-ModuleMember -Function @(
    'Assert-PSNetParameter'
    'Compare-PSNetState'
    'ConvertFrom-PSNetText'
    'ConvertTo-PSNetAddress'
    'ConvertTo-PSNetAddressSet'
    'ConvertTo-PSNetPortSet'
    'ConvertTo-PSNetProtocol'
    'ConvertTo-PSNetText'
    'Find-PSNetNetwork'
    'Get-PSNetEndpoint'
    'Get-PSNetLedger'
    'Get-PSNetLocalizedData'
    'Get-PSNetProperty'
    'Invoke-PSNetDocker'
    'Invoke-PSNetHns'
    'Resolve-PSNetBackend'
    'Set-PSNetEndpointPolicy'
    'Set-PSNetLedgerEntry'
)
