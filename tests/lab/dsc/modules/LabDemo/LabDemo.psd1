@{
    ModuleVersion = '1.2.0'
    GUID = '4f1c2f0e-8d0a-4a53-9a0e-3f1d3f0f9a11'
    Author = 'psnet'
    PowerShellVersion = '5.1'
    FunctionsToExport = @()
    CmdletsToExport = @()
    AliasesToExport = @()
    DscResourcesToExport = @('LabSetting')
}
