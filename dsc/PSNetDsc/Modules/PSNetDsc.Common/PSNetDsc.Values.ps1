# Values in one spelling each, so that spelling never makes a difference.

<#
    .SYNOPSIS
        Reads a text such as 'Prefix=10.0.0.0/24; Gateway=10.0.0.1'; the first name may be left out.

    .PARAMETER Text
        The text of one record.

    .PARAMETER Name
        The names that may stand in the text, in their order.
#>
function ConvertFrom-PSNetText
{
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

<#
    .SYNOPSIS
        Writes pairs as ConvertFrom-PSNetText reads them, without those that say nothing.

    .PARAMETER Pairs
        Names and values in their order.
#>
function ConvertTo-PSNetText
{
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

<#
    .SYNOPSIS
        The one spelling of a protocol: TCP, UDP, ICMPv4, ICMPv6, Any, or another number.

    .PARAMETER Protocol
        The protocol, by its name or number.
#>
function ConvertTo-PSNetProtocol
{
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

<#
    .SYNOPSIS
        The one spelling of a set of profiles, in Windows' order; all three are Any.

    .PARAMETER Words
        The names of profiles.
#>
function ConvertTo-PSNetProfileSet
{
    [CmdletBinding()]
    [OutputType([System.String[]])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.Object[]]
        $Words
    )

    $known = @($Words | ForEach-Object -Process { ([System.String] $_).Split(',') } | ForEach-Object -Process { $_.Trim() })
    $chosen = @(@('Domain', 'Private', 'Public') | Where-Object -FilterScript { $known -contains $_ })
    if (($known -contains 'Any') -or ($chosen.Count -eq 3))
    {
        return 'Any'
    }
    return $chosen
}

<#
    .SYNOPSIS
        The one spelling of a set of ports: ranges merged and in order, then keywords.

    .PARAMETER Port
        Ports, ranges or keywords.
#>
function ConvertTo-PSNetPortSet
{
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

<#
    .SYNOPSIS
        The one spelling of an address, a prefix, a range or a keyword: 10.0.0.0/255.0.0.0 is 10.0.0.0/8.

    .PARAMETER Address
        An address, a prefix, a range or a keyword.
#>
function ConvertTo-PSNetAddress
{
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

<#
    .SYNOPSIS
        The one spelling of a set of addresses, in order.

    .PARAMETER Address
        Addresses, prefixes, ranges or keywords; several may stand in one text.
#>
function ConvertTo-PSNetAddressSet
{
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

<#
    .SYNOPSIS
        Whether one IPv4 prefix lies in another.

    .PARAMETER Inner
        The prefix that should lie in the other.

    .PARAMETER Outer
        The prefix that the other should lie in.
#>
function Test-PSNetPrefixInside
{
    [CmdletBinding()]
    [OutputType([System.Boolean])]
    param
    (
        [Parameter(Mandatory = $true)]
        [System.String]
        $Inner,

        [Parameter(Mandatory = $true)]
        [System.String]
        $Outer
    )

    $length = $Outer.Split('/')[1]
    $wider = ConvertTo-PSNetAddress -Address "$($Inner.Split('/')[0])/$length"
    return ([System.Int32] $Inner.Split('/')[1] -ge [System.Int32] $length) -and ($wider -eq (ConvertTo-PSNetAddress -Address $Outer))
}
