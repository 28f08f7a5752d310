<#PSScriptInfo
.VERSION 1.0.0
.GUID 0d17ea4b-ef97-5cc5-8ee2-93332abc94b7
.AUTHOR The psnet developers
.COMPANYNAME psnet
.COPYRIGHT (c) The psnet developers. MIT licence.
.TAGS DSCConfiguration
.LICENSEURI https://github.com/psnet/psnet/blob/main/LICENSE
.PROJECTURI https://github.com/psnet/psnet
.ICONURI
.EXTERNALMODULEDEPENDENCIES
.REQUIREDSCRIPTS
.EXTERNALSCRIPTDEPENDENCIES
.RELEASENOTES First release.
.PRIVATEDATA 2016-Datacenter, 2019-Datacenter, 2022-Datacenter
#>

#Requires -Module PSNetDsc

<#
    .DESCRIPTION
        Makes what PSNetFirewallRule stands for, and what it needs.
#>
Configuration PSNetFirewallRule_Present_Config
{
    Import-DscResource -ModuleName 'PSNetDsc'

    Node localhost
    {
        PSNetFirewallRule 'web'
        {
            Name            = 'web'
            Ensure          = 'Present'
            Direction       = 'Inbound'
            Action          = 'Allow'
            Protocol        = 'TCP'
            LocalPorts      = @('80', '443')
            RemoteAddresses = @('10.0.0.0/8')
        }
    }
}
