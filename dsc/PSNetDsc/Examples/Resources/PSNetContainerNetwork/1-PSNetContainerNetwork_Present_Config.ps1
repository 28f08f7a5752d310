<#PSScriptInfo
.VERSION 1.0.0
.GUID d4fe52b2-18fe-503f-b418-b0c5f72a0213
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
        Makes what PSNetContainerNetwork stands for, and what it needs.
#>
Configuration PSNetContainerNetwork_Present_Config
{
    Import-DscResource -ModuleName 'PSNetDsc'

    Node localhost
    {
        PSNetContainerNetwork 'web'
        {
            Name    = 'web'
            Ensure  = 'Present'
            Mode    = 'nat'
            Subnets = @('Prefix=172.20.0.0/24')
        }
    }
}
