<#PSScriptInfo
.VERSION 1.0.0
.GUID 407c0a4d-9141-54b7-9da2-b3cea12ae5f1
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
        Makes what PSNetNat stands for, and what it needs.
#>
Configuration PSNetNat_Present_Config
{
    Import-DscResource -ModuleName 'PSNetDsc'

    Node localhost
    {
        PSNetNat 'web'
        {
            Name   = 'web'
            Ensure = 'Present'
            Prefix = '172.20.0.0/24'
            Switch = 'web'
        }
    }
}
