# Pester 5. Written by tools/dsc_pester.py from dsc/tests/cases.yaml.
BeforeAll {
    Import-Module -Name "$PSScriptRoot\..\..\PSNetDsc\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1" -Force
    Import-Module -Name "$PSScriptRoot\..\..\PSNetDsc\DSCResources\PSNet_Cni\PSNet_Cni.psm1" -Force
    . "$PSScriptRoot\..\Stubs.ps1"
    $keys = @{ Name = 'web' }
    $declared = @{ Name = 'web'; Ensure = 'Present'; Runtime = 'nerdctl'; Capabilities = @('portMappings', 'dns'); LoopbackDsr = $false; LocalPorts = $false; CniVersion = '1.0.0' }
    $otherwise = @{ Name = 'web'; Ensure = 'Present'; Runtime = 'nerdctl'; Capabilities = @('dns'); LoopbackDsr = $false; LocalPorts = $false; CniVersion = '1.0.0' }
    $absent = @{ Name = 'web'; Ensure = 'Absent'; Runtime = 'nerdctl'; Capabilities = @('portMappings', 'dns'); LoopbackDsr = $false; LocalPorts = $false; CniVersion = '1.0.0' }
}

AfterAll {
    Remove-Module -Name 'PSNet_Cni'
}

Describe 'PSNetCni' {
    Context 'when it is not there' {
        BeforeAll {
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNet_Cni' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNetDsc.Common' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNet_Cni' -MockWith { [ordered]@{} }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNetDsc.Common' -MockWith { [ordered]@{} }
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNet_Cni' -MockWith {}
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNet_Cni' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNet_Cni' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Test-Path' -ModuleName 'PSNet_Cni' -MockWith { $false }
            Mock -CommandName 'Read-List' -ModuleName 'PSNet_Cni' -MockWith {}
            Mock -CommandName 'Find-ListNetwork' -ModuleName 'PSNet_Cni' -MockWith { [PSCustomObject] @{ Name = 'web'; Type = 'nat'; Subnets = @([PSCustomObject] @{ AddressPrefix = '172.20.0.0/24'; GatewayAddress = '172.20.0.1' }) } }
            Mock -CommandName 'Write-List' -ModuleName 'PSNet_Cni' -MockWith {}
            Mock -CommandName 'Remove-Item' -ModuleName 'PSNet_Cni' -MockWith {}
        }

        It 'Get says that it is absent' {
            (PSNet_Cni\Get-TargetResource @keys).Ensure | Should -Be 'Absent'
        }

        It 'Test says that it is not as declared' {
            PSNet_Cni\Test-TargetResource @declared | Should -BeFalse
        }

        It 'Get says why' {
            @((PSNet_Cni\Get-TargetResource @declared).Reasons).Count | Should -BeGreaterThan 0
        }

        It 'Test says that it is rightly absent' {
            PSNet_Cni\Test-TargetResource @absent | Should -BeTrue
        }

        It 'Set makes it' {
            PSNet_Cni\Set-TargetResource @declared
            Should -Invoke -CommandName 'Write-List' -ModuleName 'PSNet_Cni' -ParameterFilter { $Path -like '*\10-web.conflist' } -Times 1 -Exactly
        }

        It 'Set leaves it away' {
            PSNet_Cni\Set-TargetResource @absent
            Should -Invoke -CommandName 'Write-List' -ModuleName 'PSNet_Cni' -Times 0 -Exactly
            Should -Invoke -CommandName 'Remove-Item' -ModuleName 'PSNet_Cni' -Times 0 -Exactly
        }
    }

    Context 'when it is as declared' {
        BeforeAll {
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNet_Cni' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNetDsc.Common' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNet_Cni' -MockWith { [ordered]@{} }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNetDsc.Common' -MockWith { [ordered]@{} }
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNet_Cni' -MockWith {}
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNet_Cni' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNet_Cni' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Test-Path' -ModuleName 'PSNet_Cni' -MockWith { $true }
            Mock -CommandName 'Read-List' -ModuleName 'PSNet_Cni' -MockWith { ConvertFrom-Json -InputObject '{"cniVersion":"1.0.0","name":"web","plugins":[{"type":"nat","capabilities": {"portMappings":true,"dns":true},"ipam":{"subnet":"172.20.0.0/24","routes":[{"GW":"172.20.0.1"}]}}]}' }
            Mock -CommandName 'Find-ListNetwork' -ModuleName 'PSNet_Cni' -MockWith { [PSCustomObject] @{ Name = 'web'; Type = 'nat'; Subnets = @([PSCustomObject] @{ AddressPrefix = '172.20.0.0/24'; GatewayAddress = '172.20.0.1' }) } }
            Mock -CommandName 'Write-List' -ModuleName 'PSNet_Cni' -MockWith {}
            Mock -CommandName 'Remove-Item' -ModuleName 'PSNet_Cni' -MockWith {}
        }

        It 'Get says that it is there' {
            (PSNet_Cni\Get-TargetResource @keys).Ensure | Should -Be 'Present'
        }

        It 'Get has no reasons' {
            @((PSNet_Cni\Get-TargetResource @declared).Reasons).Count | Should -Be 0
        }

        It 'Test says so' {
            PSNet_Cni\Test-TargetResource @declared | Should -BeTrue
        }

        It 'Test says that it should be absent' {
            PSNet_Cni\Test-TargetResource @absent | Should -BeFalse
        }

        It 'Set takes it away' {
            PSNet_Cni\Set-TargetResource @absent
            Should -Invoke -CommandName 'Remove-Item' -ModuleName 'PSNet_Cni' -ParameterFilter { $LiteralPath -like '*\10-web.conflist' } -Times 1 -Exactly
        }

        It 'Test finds what differs' {
            PSNet_Cni\Test-TargetResource @otherwise | Should -BeFalse
        }

        It 'Get says what differs' {
            @((PSNet_Cni\Get-TargetResource @otherwise).Reasons | ForEach-Object -Process { $_.Code }) | Should -Contain 'PSNetCni:PSNetCni:File'
        }
    }
}
