<#PSScriptInfo
.VERSION 1.0.0
.GUID 3c1175d8-a4e3-532f-894e-7dee593bdb34
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
        Takes away what 1-PSNetOverlayPeer_Present_Config.ps1 made with PSNetOverlayPeer.
#>
Configuration PSNetOverlayPeer_Absent_Config
{
    Import-DscResource -ModuleName 'PSNetDsc'

    Node localhost
    {
        PSNetOverlayPeer 'node-2'
        {
            Network = 'vx'
            Subnet  = '10.244.2.0/24'
            Name    = 'node-2'
            Ensure  = 'Absent'
        }
    }
}
