<#PSScriptInfo
.VERSION 1.0.0
.GUID e533b76c-08a1-59d0-bfc6-25c4a622de49
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
        Takes away what 1-PSNetEndpointOutboundNat_Present_Config.ps1 made with PSNetEndpointOutboundNat.
#>
Configuration PSNetEndpointOutboundNat_Absent_Config
{
    Import-DscResource -ModuleName 'PSNetDsc'

    Node localhost
    {
        PSNetEndpointOutboundNat 'app'
        {
            Endpoint = 'app'
            Ensure   = 'Absent'
        }
    }
}
