# Pester 5. Written by tools/dsc_pester.py from dsc/tests/cases.yaml.
BeforeAll {
    Import-Module -Name "$PSScriptRoot\..\..\PSNetDsc\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1" -Force
    Import-Module -Name "$PSScriptRoot\..\..\PSNetDsc\DSCResources\PSNet_FirewallRule\PSNet_FirewallRule.psm1" -Force
    . "$PSScriptRoot\..\Stubs.ps1"
    $keys = @{ Name = 'web' }
    $declared = @{ Name = 'web'; Ensure = 'Present'; Direction = 'Inbound'; Action = 'Allow'; Protocol = 'TCP'; LocalPorts = @('80', '443'); RemoteAddresses = @('10.0.0.0/8') }
    $otherwise = @{ Name = 'web'; Ensure = 'Present'; Direction = 'Inbound'; Action = 'Allow'; Protocol = 'TCP'; LocalPorts = @('81'); RemoteAddresses = @('10.0.0.0/8') }
    $absent = @{ Name = 'web'; Ensure = 'Absent'; Direction = 'Inbound'; Action = 'Allow'; Protocol = 'TCP'; LocalPorts = @('80', '443'); RemoteAddresses = @('10.0.0.0/8') }
}

AfterAll {
    Remove-Module -Name 'PSNet_FirewallRule'
}

Describe 'PSNetFirewallRule' {
    Context 'when it is not there' {
        BeforeAll {
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNet_FirewallRule' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNetDsc.Common' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNet_FirewallRule' -MockWith { [ordered]@{} }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNetDsc.Common' -MockWith { [ordered]@{} }
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNet_FirewallRule' -MockWith {}
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNet_FirewallRule' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNet_FirewallRule' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Get-PSNetFirewallRule' -ModuleName 'PSNet_FirewallRule' -MockWith {}
            Mock -CommandName 'New-NetFirewallRule' -ModuleName 'PSNet_FirewallRule' -MockWith {}
            Mock -CommandName 'Set-NetFirewallRule' -ModuleName 'PSNet_FirewallRule' -MockWith {}
            Mock -CommandName 'Remove-NetFirewallRule' -ModuleName 'PSNet_FirewallRule' -MockWith {}
        }

        It 'Get says that it is absent' {
            (PSNet_FirewallRule\Get-TargetResource @keys).Ensure | Should -Be 'Absent'
        }

        It 'Test says that it is not as declared' {
            PSNet_FirewallRule\Test-TargetResource @declared | Should -BeFalse
        }

        It 'Get says why' {
            @((PSNet_FirewallRule\Get-TargetResource @declared).Reasons).Count | Should -BeGreaterThan 0
        }

        It 'Test says that it is rightly absent' {
            PSNet_FirewallRule\Test-TargetResource @absent | Should -BeTrue
        }

        It 'Set makes it' {
            PSNet_FirewallRule\Set-TargetResource @declared
            Should -Invoke -CommandName 'New-NetFirewallRule' -ModuleName 'PSNet_FirewallRule' -ParameterFilter { ($Name -eq 'web') -and ($Group -eq 'psnet') -and ($Protocol -eq 'TCP') } -Times 1 -Exactly
        }

        It 'Set leaves it away' {
            PSNet_FirewallRule\Set-TargetResource @absent
            Should -Invoke -CommandName 'New-NetFirewallRule' -ModuleName 'PSNet_FirewallRule' -Times 0 -Exactly
            Should -Invoke -CommandName 'Set-NetFirewallRule' -ModuleName 'PSNet_FirewallRule' -Times 0 -Exactly
            Should -Invoke -CommandName 'Remove-NetFirewallRule' -ModuleName 'PSNet_FirewallRule' -Times 0 -Exactly
        }
    }

    Context 'when it is as declared' {
        BeforeAll {
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNet_FirewallRule' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNetDsc.Common' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNet_FirewallRule' -MockWith { [ordered]@{} }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNetDsc.Common' -MockWith { [ordered]@{} }
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNet_FirewallRule' -MockWith {}
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNet_FirewallRule' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNet_FirewallRule' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Get-PSNetFirewallRule' -ModuleName 'PSNet_FirewallRule' -MockWith { @{ name = 'web'; display_name = 'web'; enabled = 'True'; direction = 'Inbound'; action = 'Allow'; protocol = 'TCP'; local_ports = @('80', '443'); remote_ports = @('Any'); local_addresses = @('Any'); remote_addresses = @('10.0.0.0/255.0.0.0'); profiles = 'Any'; edge_traversal = 'Block'; program = 'Any'; service = 'Any'; interface_type = 'Any'; interface_aliases = @('Any'); icmp_types = @('Any'); description = $null } }
            Mock -CommandName 'New-NetFirewallRule' -ModuleName 'PSNet_FirewallRule' -MockWith {}
            Mock -CommandName 'Set-NetFirewallRule' -ModuleName 'PSNet_FirewallRule' -MockWith {}
            Mock -CommandName 'Remove-NetFirewallRule' -ModuleName 'PSNet_FirewallRule' -MockWith {}
        }

        It 'Get says that it is there' {
            (PSNet_FirewallRule\Get-TargetResource @keys).Ensure | Should -Be 'Present'
        }

        It 'Get has no reasons' {
            @((PSNet_FirewallRule\Get-TargetResource @declared).Reasons).Count | Should -Be 0
        }

        It 'Test says so' {
            PSNet_FirewallRule\Test-TargetResource @declared | Should -BeTrue
        }

        It 'Set leaves it as it is' {
            PSNet_FirewallRule\Set-TargetResource @declared
            Should -Invoke -CommandName 'New-NetFirewallRule' -ModuleName 'PSNet_FirewallRule' -Times 0 -Exactly
            Should -Invoke -CommandName 'Set-NetFirewallRule' -ModuleName 'PSNet_FirewallRule' -Times 0 -Exactly
            Should -Invoke -CommandName 'Remove-NetFirewallRule' -ModuleName 'PSNet_FirewallRule' -Times 0 -Exactly
        }

        It 'Test says that it should be absent' {
            PSNet_FirewallRule\Test-TargetResource @absent | Should -BeFalse
        }

        It 'Set takes it away' {
            PSNet_FirewallRule\Set-TargetResource @absent
            Should -Invoke -CommandName 'Remove-NetFirewallRule' -ModuleName 'PSNet_FirewallRule' -ParameterFilter { $Name -contains 'web' } -Times 1 -Exactly
        }

        It 'Test finds what differs' {
            PSNet_FirewallRule\Test-TargetResource @otherwise | Should -BeFalse
        }

        It 'Get says what differs' {
            @((PSNet_FirewallRule\Get-TargetResource @otherwise).Reasons | ForEach-Object -Process { $_.Code }) | Should -Contain 'PSNetFirewallRule:PSNetFirewallRule:LocalPorts'
        }
    }
}
