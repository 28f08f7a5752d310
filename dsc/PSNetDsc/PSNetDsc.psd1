@{
    # A DSC module has no root module: the LCM loads its resources one by one.
    ModuleVersion = '0.1.0'
    GUID = '6e0a5b0f-5a3d-4a3e-9b1c-2f6f0d3c7a41'
    Author = 'The psnet developers'
    CompanyName = 'psnet'
    Copyright = '(c) The psnet developers. MIT licence.'
    Description = 'DSC resources for Windows container networking: what psnet declares, kept by the LCM.'
    PowerShellVersion = '5.1'
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
        'PSNetLoadBalancer'
        'PSNetNat'
        'PSNetNatStaticMapping'
    )
    PrivateData = @{
        PSData = @{
            Tags = @('DesiredStateConfiguration', 'DSC', 'DSCResource', 'Containers', 'Networking', 'HNS')
            ReleaseNotes = 'One resource for each kind of thing that psnet manages on a node.'
        }
    }
}
