# What the resources of PSNetDsc share: strings, comparison, backends, networks, the ledger.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

. "$PSScriptRoot\PSNetDsc.Shared.ps1"
. "$PSScriptRoot\PSNetDsc.Values.ps1"
. "$PSScriptRoot\PSNetDsc.Networks.ps1"
. "$PSScriptRoot\PSNetDsc.Endpoints.ps1"
. "$PSScriptRoot\PSNetDsc.Ports.ps1"

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
# What Test says while somebody asks for reasons.
$script:reasons = $null

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
            Write-PSNetDifference -Message ($script:strings.Differs -f $name, $old, $new) -Code $name
            Write-Output -InputObject $name
        }
    }
}

function Write-PSNetDifference
{
    # Says what is otherwise than declared: in a verbose message, and to whoever asks for reasons.
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

function Get-PSNetReason
{
    # Returns why a resource is not in its desired state, as machine configuration reads it: hashtables with Code
    # (Resource:Resource:Property) and Phrase. None when it is, or when nothing but what finds the thing is known.
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
    'Add-PSNetLead'
    'Assert-PSNetIdle'
    'Assert-PSNetParameter'
    'Connect-PSNetEndpoint'
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
    'Enable-PSNetForwarding'
    'Find-PSNetEndpoint'
    'Find-PSNetNetwork'
    'Get-PSNetCniSetting'
    'Get-PSNetEndpointPolicy'
    'Get-PSNetFirewallRule'
    'Get-PSNetLead'
    'Get-PSNetLedger'
    'Get-PSNetLocalizedData'
    'Get-PSNetProperty'
    'Get-PSNetReason'
    'Invoke-PSNetDocker'
    'Invoke-PSNetHns'
    'New-PSNetNetwork'
    'Protect-PSNetFolder'
    'Remove-PSNetLead'
    'Remove-PSNetNetwork'
    'Resolve-PSNetBackend'
    'Resolve-PSNetNetwork'
    'Resolve-PSNetPortWay'
    'Set-PSNetLedgerEntry'
    'Test-PSNetAclList'
    'Test-PSNetEndpointPolicy'
    'Test-PSNetForwarding'
    'Test-PSNetPrefixInside'
    'Update-PSNetEndpointPolicy'
    'Write-PSNetDifference'
)
