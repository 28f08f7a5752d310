# Pester 5. Written by tools/dsc_pester.py from dsc/tests/cases.yaml.
BeforeAll {
    Import-Module -Name "$PSScriptRoot\..\..\PSNetDsc\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1" -Force
    Import-Module -Name "$PSScriptRoot\..\..\PSNetDsc\DSCResources\PSNet_StartupTask\PSNet_StartupTask.psm1" -Force
    . "$PSScriptRoot\..\Stubs.ps1"
    $keys = @{ Name = 'networks' }
    $declared = @{ Name = 'networks'; Ensure = 'Present'; Script = 'Get-Date' }
    $otherwise = @{ Name = 'networks'; Ensure = 'Present'; Script = 'Get-Host' }
    $absent = @{ Name = 'networks'; Ensure = 'Absent'; Script = 'Get-Date' }
}

AfterAll {
    Remove-Module -Name 'PSNet_StartupTask'
}

Describe 'PSNetStartupTask' {
    Context 'when it is not there' {
        BeforeAll {
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNet_StartupTask' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNetDsc.Common' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNet_StartupTask' -MockWith { [ordered]@{} }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNetDsc.Common' -MockWith { [ordered]@{} }
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNet_StartupTask' -MockWith {}
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNet_StartupTask' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNet_StartupTask' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Get-TaskState' -ModuleName 'PSNet_StartupTask' -MockWith { @{ Name = $Name; Ensure = 'Absent'; Script = $null } }
            Mock -CommandName 'Get-ScheduledTask' -ModuleName 'PSNet_StartupTask' -MockWith {}
            Mock -CommandName 'Set-PSNetFile' -ModuleName 'PSNet_StartupTask' -MockWith {}
            Mock -CommandName 'Register-ScheduledTask' -ModuleName 'PSNet_StartupTask' -MockWith {}
            Mock -CommandName 'Unregister-ScheduledTask' -ModuleName 'PSNet_StartupTask' -MockWith {}
        }

        It 'Get says that it is absent' {
            (PSNet_StartupTask\Get-TargetResource @keys).Ensure | Should -Be 'Absent'
        }

        It 'Test says that it is not as declared' {
            PSNet_StartupTask\Test-TargetResource @declared | Should -BeFalse
        }

        It 'Get says why' {
            @((PSNet_StartupTask\Get-TargetResource @declared).Reasons).Count | Should -BeGreaterThan 0
        }

        It 'Test says that it is rightly absent' {
            PSNet_StartupTask\Test-TargetResource @absent | Should -BeTrue
        }

        It 'Set makes it' {
            PSNet_StartupTask\Set-TargetResource @declared
            Should -Invoke -CommandName 'Register-ScheduledTask' -ModuleName 'PSNet_StartupTask' -ParameterFilter { $TaskName -eq 'psnet-reapply-networks' } -Times 1 -Exactly
        }

        It 'Set leaves it away' {
            PSNet_StartupTask\Set-TargetResource @absent
            Should -Invoke -CommandName 'Set-PSNetFile' -ModuleName 'PSNet_StartupTask' -Times 0 -Exactly
            Should -Invoke -CommandName 'Register-ScheduledTask' -ModuleName 'PSNet_StartupTask' -Times 0 -Exactly
        }
    }

    Context 'when it is as declared' {
        BeforeAll {
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNet_StartupTask' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Protect-PSNetFolder' -ModuleName 'PSNetDsc.Common' -MockWith { 'C:\ProgramData\psnet' }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNet_StartupTask' -MockWith { [ordered]@{} }
            Mock -CommandName 'Get-PSNetLedger' -ModuleName 'PSNetDsc.Common' -MockWith { [ordered]@{} }
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNet_StartupTask' -MockWith {}
            Mock -CommandName 'Lock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNet_StartupTask' -MockWith {}
            Mock -CommandName 'Unlock-PSNetHost' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNet_StartupTask' -MockWith {}
            Mock -CommandName 'Set-PSNetLedgerEntry' -ModuleName 'PSNetDsc.Common' -MockWith {}
            Mock -CommandName 'Get-TaskState' -ModuleName 'PSNet_StartupTask' -MockWith { @{ Name = $Name; Ensure = 'Present'; Script = 'Get-Date' } }
            Mock -CommandName 'Get-ScheduledTask' -ModuleName 'PSNet_StartupTask' -MockWith { [PSCustomObject] @{ TaskName = 'psnet-reapply-networks'; State = 'Ready' } }
            Mock -CommandName 'Set-PSNetFile' -ModuleName 'PSNet_StartupTask' -MockWith {}
            Mock -CommandName 'Register-ScheduledTask' -ModuleName 'PSNet_StartupTask' -MockWith {}
            Mock -CommandName 'Unregister-ScheduledTask' -ModuleName 'PSNet_StartupTask' -MockWith {}
        }

        It 'Get says that it is there' {
            (PSNet_StartupTask\Get-TargetResource @keys).Ensure | Should -Be 'Present'
        }

        It 'Get has no reasons' {
            @((PSNet_StartupTask\Get-TargetResource @declared).Reasons).Count | Should -Be 0
        }

        It 'Test says so' {
            PSNet_StartupTask\Test-TargetResource @declared | Should -BeTrue
        }

        It 'Test says that it should be absent' {
            PSNet_StartupTask\Test-TargetResource @absent | Should -BeFalse
        }

        It 'Set takes it away' {
            PSNet_StartupTask\Set-TargetResource @absent
            Should -Invoke -CommandName 'Unregister-ScheduledTask' -ModuleName 'PSNet_StartupTask' -ParameterFilter { $TaskName -contains 'psnet-reapply-networks' } -Times 1 -Exactly
        }

        It 'Test finds what differs' {
            PSNet_StartupTask\Test-TargetResource @otherwise | Should -BeFalse
        }

        It 'Get says what differs' {
            @((PSNet_StartupTask\Get-TargetResource @otherwise).Reasons | ForEach-Object -Process { $_.Code }) | Should -Contain 'PSNetStartupTask:PSNetStartupTask:Script'
        }
    }
}
