<#PSScriptInfo
.VERSION 1.0.0
.GUID a83c5176-72d8-5510-9efc-35c18059c1e2
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
        Makes what PSNetOverlayPeer stands for, and what it needs.
#>
Configuration PSNetOverlayPeer_Present_Config
{
    Import-DscResource -ModuleName 'PSNetDsc'

    Node localhost
    {
        PSNetContainerNetwork 'vx'
        {
            Name    = 'vx'
            Ensure  = 'Present'
            Mode    = 'overlay'
            Subnets = @('Prefix=10.244.1.0/24')
            Adapter = 'Ethernet 2'
            Vsid    = 4096
            Backend = 'hcn'
        }

        PSNetOverlayPeer 'node-2'
        {
            Network         = 'vx'
            Subnet          = '10.244.2.0/24'
            Name            = 'node-2'
            Ensure          = 'Present'
            ProviderAddress = '192.168.10.12'
            Mac             = '00-15-5D-AA-00-02'
            DependsOn       = @('[PSNetContainerNetwork]vx')
        }
    }
}
