<#PSScriptInfo
.VERSION 1.0.0
.GUID e9a778c8-af84-56ab-8c57-5786f244e4a1
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
        Takes away what 1-PSNetEndpointProxy_Present_Config.ps1 made with PSNetEndpointProxy.
#>
Configuration PSNetEndpointProxy_Absent_Config
{
    Import-DscResource -ModuleName 'PSNetDsc'

    Node localhost
    {
        PSNetEndpointProxy 'app'
        {
            Endpoint = 'app'
            Ensure   = 'Absent'
        }
    }
}
