<#PSScriptInfo
.VERSION 1.0.0
.GUID c949fced-e6b3-58e9-b5c6-285fe2996c48
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
        Takes away what 1-PSNetLoadBalancer_Present_Config.ps1 made with PSNetLoadBalancer.
#>
Configuration PSNetLoadBalancer_Absent_Config
{
    Import-DscResource -ModuleName 'PSNetDsc'

    Node localhost
    {
        PSNetLoadBalancer 'front'
        {
            Vips         = '10.44.0.200'
            Protocol     = 'TCP'
            ExternalPort = 80
            Name         = 'front'
            Ensure       = 'Absent'
        }
    }
}
