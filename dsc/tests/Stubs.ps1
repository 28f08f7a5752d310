# Commands of Windows' features that a machine may not have, so that they can be mocked: they do nothing.
$stubs = [ordered]@{
    'Get-NetNat' = { [CmdletBinding()] param ([System.String[]] $Name) }
    'New-NetNat' = { [CmdletBinding(SupportsShouldProcess = $true)] param ([System.String] $Name, [System.String] $InternalIPInterfaceAddressPrefix) }
    'Remove-NetNat' = { [CmdletBinding(SupportsShouldProcess = $true)] param ([System.String[]] $Name) }
    'Get-NetNatExternalAddress' = { [CmdletBinding()] param ([System.String[]] $NatName) }
    'Get-VMSwitch' = { [CmdletBinding()] param ([System.String] $Name) }
    'New-VMSwitch' = { [CmdletBinding(SupportsShouldProcess = $true)] param ([System.String] $Name, [System.String] $SwitchType) }
    'Remove-VMSwitch' = { [CmdletBinding(SupportsShouldProcess = $true)] param ([System.String[]] $Name, [System.Management.Automation.SwitchParameter] $Force) }
}
foreach ($name in @($stubs.Keys))
{
    if ($null -eq (Get-Command -Name $name -ErrorAction SilentlyContinue))
    {
        Set-Item -Path "function:global:$name" -Value $stubs[$name]
    }
}
