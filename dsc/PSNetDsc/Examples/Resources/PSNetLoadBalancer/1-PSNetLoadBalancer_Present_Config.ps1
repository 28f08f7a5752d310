<#PSScriptInfo
.VERSION 1.0.0
.GUID 4b17d909-e6ed-5f7e-bcaa-79888da001e5
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
        Makes what PSNetLoadBalancer stands for, and what it needs.
#>
Configuration PSNetLoadBalancer_Present_Config
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
            Backend = 'hns'
        }

        PSNetEndpoint 'app'
        {
            Name       = 'app'
            Ensure     = 'Present'
            Network    = 'flat'
            Address    = '10.44.0.10'
            Forwarding = $false
            Remote     = $false
            DependsOn  = @('[PSNetContainerNetwork]flat')
        }

        PSNetLoadBalancer 'front'
        {
            Vips         = '10.44.0.200'
            Protocol     = 'TCP'
            ExternalPort = 80
            Name         = 'front'
            Ensure       = 'Present'
            InternalPort = 8080
            Members      = @('app')
            Internal     = $false
            Dsr          = $false
            DependsOn    = @('[PSNetEndpoint]app')
        }
    }
}
