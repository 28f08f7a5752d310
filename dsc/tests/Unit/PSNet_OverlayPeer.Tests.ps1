# Pester 5. Written by tools/dsc_pester.py from dsc/tests/cases.yaml.
BeforeAll {
    Import-Module -Name "$PSScriptRoot\..\..\PSNetDsc\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1" -Force
    Import-Module -Name "$PSScriptRoot\..\..\PSNetDsc\DSCResources\PSNet_OverlayPeer\PSNet_OverlayPeer.psm1" -Force
    . "$PSScriptRoot\..\Stubs.ps1"
    $keys = @{ Network = 'vx'; Subnet = '10.244.2.0/24'; Name = 'node-2' }
    $declared = @{ Network = 'vx'; Subnet = '10.244.2.0/24'; Name = 'node-2'; Ensure = 'Present'; ProviderAddress = '192.168.10.12'; Mac = '00-15-5D-AA-00-02' }
    $otherwise = @{ Network = 'vx'; Subnet = '10.244.2.0/24'; Name = 'node-2'; Ensure = 'Present'; ProviderAddress = '192.168.10.13'; Mac = '00-15-5D-AA-00-02' }
    $absent = @{ Network = 'vx'; Subnet = '10.244.2.0/24'; Name = 'node-2'; Ensure = 'Absent'; ProviderAddress = '192.168.10.12'; Mac = '00-15-5D-AA-00-02' }
}

AfterAll {
    Remove-Module -Name 'PSNet_OverlayPeer'
}

Describe 'PSNetOverlayPeer' {
    Context 'when it is not there' {
        BeforeAll {
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNet_OverlayPeer' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNetDsc.Common' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNet_OverlayPeer' -MockWith { [ordered]@{} }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNetDsc.Common' -MockWith { [ordered]@{} }
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNet_OverlayPeer' -MockWith {}
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNet_OverlayPeer' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNet_OverlayPeer' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Get-PSNetNetworkPolicy' -ModuleName 'PSNet_OverlayPeer' -MockWith {}
            Mock -CommandName 'Find-PSNetNetwork' -ModuleName 'PSNet_OverlayPeer' -MockWith { [PSCustomObject] @{ ID = 'n1'; Subnets = @([PSCustomObject] @{ Policies = @([PSCustomObject] @{ Type = 'VSID'; VSID = 4096 }) }) } }
            Mock -CommandName 'Set-PSNetNetworkPolicy' -ModuleName 'PSNet_OverlayPeer' -MockWith {}
        }

        It 'Get says that it is absent' {
            (PSNet_OverlayPeer\Get-TargetResource @keys).Ensure | Should -Be 'Absent'
        }

        It 'Test says that it is not as declared' {
            PSNet_OverlayPeer\Test-TargetResource @declared | Should -BeFalse
        }

        It 'Get says why' {
            @((PSNet_OverlayPeer\Get-TargetResource @declared).Reasons).Count | Should -BeGreaterThan 0
        }

        It 'Test says that it is rightly absent' {
            PSNet_OverlayPeer\Test-TargetResource @absent | Should -BeTrue
        }

        It 'Set makes it' {
            PSNet_OverlayPeer\Set-TargetResource @declared
            Should -Invoke -CommandName 'Set-PSNetNetworkPolicy' -ModuleName 'PSNet_OverlayPeer' -ParameterFilter { ($Type -eq 'RemoteSubnetRoute') -and (@($Policy).Count -eq 1) } -Times 1 -Exactly
        }

        It 'Set leaves it away' {
            PSNet_OverlayPeer\Set-TargetResource @absent
            Should -Invoke -CommandName 'Set-PSNetNetworkPolicy' -ModuleName 'PSNet_OverlayPeer' -Times 0 -Exactly
        }
    }

    Context 'when it is as declared' {
        BeforeAll {
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNet_OverlayPeer' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNetDsc.Common' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNet_OverlayPeer' -MockWith { [ordered]@{} }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNetDsc.Common' -MockWith { [ordered]@{} }
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNet_OverlayPeer' -MockWith {}
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNet_OverlayPeer' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNet_OverlayPeer' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Get-PSNetNetworkPolicy' -ModuleName 'PSNet_OverlayPeer' -MockWith { [PSCustomObject] @{ DestinationPrefix = '10.244.2.0/24'; IsolationId = 4096; ProviderAddress = '192.168.10.12'; DistributedRouterMacAddress = '00-15-5D-AA-00-02' } }
            Mock -CommandName 'Find-PSNetNetwork' -ModuleName 'PSNet_OverlayPeer' -MockWith { [PSCustomObject] @{ ID = 'n1'; Subnets = @([PSCustomObject] @{ Policies = @([PSCustomObject] @{ Type = 'VSID'; VSID = 4096 }) }) } }
            Mock -CommandName 'Set-PSNetNetworkPolicy' -ModuleName 'PSNet_OverlayPeer' -MockWith {}
        }

        It 'Get says that it is there' {
            (PSNet_OverlayPeer\Get-TargetResource @keys).Ensure | Should -Be 'Present'
        }

        It 'Get has no reasons' {
            @((PSNet_OverlayPeer\Get-TargetResource @declared).Reasons).Count | Should -Be 0
        }

        It 'Test says so' {
            PSNet_OverlayPeer\Test-TargetResource @declared | Should -BeTrue
        }

        It 'Set leaves it as it is' {
            PSNet_OverlayPeer\Set-TargetResource @declared
            Should -Invoke -CommandName 'Set-PSNetNetworkPolicy' -ModuleName 'PSNet_OverlayPeer' -Times 0 -Exactly
        }

        It 'Test says that it should be absent' {
            PSNet_OverlayPeer\Test-TargetResource @absent | Should -BeFalse
        }

        It 'Set takes it away' {
            PSNet_OverlayPeer\Set-TargetResource @absent
            Should -Invoke -CommandName 'Set-PSNetNetworkPolicy' -ModuleName 'PSNet_OverlayPeer' -ParameterFilter { ($Value -eq '10.244.2.0/24') -and (@($Policy).Count -eq 0) } -Times 1 -Exactly
        }

        It 'Test finds what differs' {
            PSNet_OverlayPeer\Test-TargetResource @otherwise | Should -BeFalse
        }

        It 'Get says what differs' {
            @((PSNet_OverlayPeer\Get-TargetResource @otherwise).Reasons | ForEach-Object -Process { $_.Code }) | Should -Contain 'PSNetOverlayPeer:PSNetOverlayPeer:ProviderAddress'
        }
    }
}
