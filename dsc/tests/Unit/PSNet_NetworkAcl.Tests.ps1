# Pester 5. Written by tools/dsc_pester.py from dsc/tests/cases.yaml.
BeforeAll {
    Import-Module -Name "$PSScriptRoot\..\..\PSNetDsc\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1" -Force
    Import-Module -Name "$PSScriptRoot\..\..\PSNetDsc\DSCResources\PSNet_NetworkAcl\PSNet_NetworkAcl.psm1" -Force
    . "$PSScriptRoot\..\Stubs.ps1"
    $keys = @{ Network = 'flat' }
    $declared = @{ Network = 'flat'; Ensure = 'Present'; Rules = @('Action=Allow; SourceSets=web; Priority=100; Direction=In; RuleType=Switch') }
    $otherwise = @{ Network = 'flat'; Ensure = 'Present'; Rules = @('Action=Block; Direction=In') }
    $absent = @{ Network = 'flat'; Ensure = 'Absent'; Rules = @('Action=Allow; SourceSets=web; Priority=100; Direction=In; RuleType=Switch') }
}

AfterAll {
    Remove-Module -Name 'PSNet_NetworkAcl'
}

Describe 'PSNetNetworkAcl' {
    Context 'when it is not there' {
        BeforeAll {
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNet_NetworkAcl' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNetDsc.Common' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNet_NetworkAcl' -MockWith { [ordered]@{} }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNetDsc.Common' -MockWith { [ordered]@{} }
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNet_NetworkAcl' -MockWith {}
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNet_NetworkAcl' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNet_NetworkAcl' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Get-PSNetNetworkPolicy' -ModuleName 'PSNet_NetworkAcl' -MockWith {}
            Mock -CommandName 'Set-PSNetNetworkPolicy' -ModuleName 'PSNet_NetworkAcl' -MockWith {}
        }

        It 'Get says that it is absent' {
            (PSNet_NetworkAcl\Get-TargetResource @keys).Ensure | Should -Be 'Absent'
        }

        It 'Test says that it is not as declared' {
            PSNet_NetworkAcl\Test-TargetResource @declared | Should -BeFalse
        }

        It 'Get says why' {
            @((PSNet_NetworkAcl\Get-TargetResource @declared).Reasons).Count | Should -BeGreaterThan 0
        }

        It 'Test says that it is rightly absent' {
            PSNet_NetworkAcl\Test-TargetResource @absent | Should -BeTrue
        }

        It 'Set makes it' {
            PSNet_NetworkAcl\Set-TargetResource @declared
            Should -Invoke -CommandName 'Set-PSNetNetworkPolicy' -ModuleName 'PSNet_NetworkAcl' -ParameterFilter { ($Type -eq 'NetworkACL') -and (@($Policy).Count -eq 1) } -Times 1 -Exactly
        }

        It 'Set leaves it away' {
            PSNet_NetworkAcl\Set-TargetResource @absent
            Should -Invoke -CommandName 'Set-PSNetNetworkPolicy' -ModuleName 'PSNet_NetworkAcl' -Times 0 -Exactly
        }
    }

    Context 'when it is as declared' {
        BeforeAll {
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNet_NetworkAcl' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNetDsc.Common' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNet_NetworkAcl' -MockWith { [ordered]@{} }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNetDsc.Common' -MockWith { [ordered]@{} }
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNet_NetworkAcl' -MockWith {}
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNet_NetworkAcl' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNet_NetworkAcl' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Get-PSNetNetworkPolicy' -ModuleName 'PSNet_NetworkAcl' -MockWith { [PSCustomObject] @{ Action = 'Allow'; Direction = 'In'; LocalAddresses = 'psnet-web'; Priority = 100; RuleType = 'Switch' } }
            Mock -CommandName 'Set-PSNetNetworkPolicy' -ModuleName 'PSNet_NetworkAcl' -MockWith {}
        }

        It 'Get says that it is there' {
            (PSNet_NetworkAcl\Get-TargetResource @keys).Ensure | Should -Be 'Present'
        }

        It 'Get has no reasons' {
            @((PSNet_NetworkAcl\Get-TargetResource @declared).Reasons).Count | Should -Be 0
        }

        It 'Test says so' {
            PSNet_NetworkAcl\Test-TargetResource @declared | Should -BeTrue
        }

        It 'Set leaves it as it is' {
            PSNet_NetworkAcl\Set-TargetResource @declared
            Should -Invoke -CommandName 'Set-PSNetNetworkPolicy' -ModuleName 'PSNet_NetworkAcl' -Times 0 -Exactly
        }

        It 'Test says that it should be absent' {
            PSNet_NetworkAcl\Test-TargetResource @absent | Should -BeFalse
        }

        It 'Set takes it away' {
            PSNet_NetworkAcl\Set-TargetResource @absent
            Should -Invoke -CommandName 'Set-PSNetNetworkPolicy' -ModuleName 'PSNet_NetworkAcl' -ParameterFilter { @($Policy).Count -eq 0 } -Times 1 -Exactly
        }

        It 'Test finds what differs' {
            PSNet_NetworkAcl\Test-TargetResource @otherwise | Should -BeFalse
        }

        It 'Get says what differs' {
            @((PSNet_NetworkAcl\Get-TargetResource @otherwise).Reasons | ForEach-Object -Process { $_.Code }) | Should -Contain 'PSNetNetworkAcl:PSNetNetworkAcl:Rules'
        }
    }
}
