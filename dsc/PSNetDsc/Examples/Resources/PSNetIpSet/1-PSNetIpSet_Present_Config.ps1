<#PSScriptInfo
.VERSION 1.0.0
.GUID dc8bb4c7-f4a5-57e5-b418-5f0346f7cb10
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
        Makes what PSNetIpSet stands for, and what it needs.
#>
Configuration PSNetIpSet_Present_Config
{
    Import-DscResource -ModuleName 'PSNetDsc'

    Node localhost
    {
        PSNetContainerNetwork 'flat'
        {
            Name    = 'flat'
            Ensure  = 'Present'
            Mode    = 'l2bridge'
            Subnets = @('Prefix=10.44.0.0/24')
            Adapter = 'Ethernet 2'
            Backend = 'hcn'
        }

        PSNetIpSet 'web'
        {
            Network   = 'flat'
            Name      = 'web'
            Ensure    = 'Present'
            Addresses = @('10.44.0.10', '10.50.0.0/24')
            DependsOn = @('[PSNetContainerNetwork]flat')
        }
    }
}
