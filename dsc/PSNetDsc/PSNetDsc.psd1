@{
    # A DSC module has no root module: the LCM loads its resources one by one.
    # tools/dsc_schemas.py raises the last number when anything in the module has changed.
    ModuleVersion = '0.3.11'
    GUID = '6e0a5b0f-5a3d-4a3e-9b1c-2f6f0d3c7a41'
    Author = 'The psnet developers'
    CompanyName = 'psnet'
    Copyright = '(c) The psnet developers. MIT licence.'
    Description = 'DSC resources for Windows container networking: what psnet declares, kept by the LCM.'
    PowerShellVersion = '5.1'
    CompatiblePSEditions = @('Desktop', 'Core')
    FunctionsToExport = @()
    CmdletsToExport = @()
    VariablesToExport = @()
    AliasesToExport = @()
    DscResourcesToExport = @(
        'PSNetCni'
        'PSNetContainerNetwork'
        'PSNetEndpoint'
        'PSNetEndpointAcl'
        'PSNetEndpointOutboundNat'
        'PSNetEndpointProxy'
        'PSNetEndpointQos'
        'PSNetEndpointRoute'
        'PSNetFirewallRule'
        'PSNetIpSet'
        'PSNetLoadBalancer'
        'PSNetNat'
        'PSNetNatStaticMapping'
        'PSNetNetworkAcl'
        'PSNetOverlayPeer'
        'PSNetStartupTask'
    )
    PrivateData = @{
        PSData = @{
            Tags = @('DesiredStateConfiguration', 'DSC', 'DSCResource', 'DSCResourceKit', 'Windows', 'Containers', 'Networking', 'HNS', 'WinNAT', 'CNI', 'PSEdition_Desktop', 'PSEdition_Core')
            LicenseUri = 'https://github.com/psnet/psnet/blob/main/LICENSE'
            ProjectUri = 'https://github.com/psnet/psnet'
            ReleaseNotes = 'https://github.com/psnet/psnet/blob/main/dsc/PSNetDsc/CHANGELOG.md'
            # A text such as preview1 makes it a preview; empty, it is a release.
            Prerelease = ''
        }
        PSNet = @{
            # SHA-256 of the module's content: another content is another version.
            Content = 'e4a9a2116db451f9b9a4ec63dc660a2a1773b8e4c9195ecbfbaff93221bcbfdc'
        }
    }
}
