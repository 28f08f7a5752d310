<#PSScriptInfo
.VERSION 1.0.0
.GUID 963b404e-7352-5f5d-a3cc-c62c17d22bb2
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
        Makes what PSNetCni stands for, and what it needs.
#>
Configuration PSNetCni_Present_Config
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
            Backend = 'hns'
        }

        PSNetCni 'web'
        {
            Name         = 'web'
            Ensure       = 'Present'
            Runtime      = 'nerdctl'
            Capabilities = @('portMappings', 'dns')
            LoopbackDsr  = $false
            LocalPorts   = $false
            CniVersion   = '1.0.0'
            DependsOn    = @('[PSNetContainerNetwork]web')
        }
    }
}
