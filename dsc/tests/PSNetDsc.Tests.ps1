# Pester 5. What can be told without changing the host: the manifest, the values, each resource against a mocked HNS.
BeforeDiscovery {
    $folder = Join-Path -Path $PSScriptRoot -ChildPath '..\PSNetDsc\DSCResources'
    $classes = @(Get-ChildItem -Path $folder -Directory | ForEach-Object -Process { @{ Class = $_.Name; Folder = $_.FullName } })
}

BeforeAll {
    $module = Join-Path -Path $PSScriptRoot -ChildPath '..\PSNetDsc'
    Import-Module -Name "$PSScriptRoot\..\PSNetDsc\Modules\PSNetDsc.Common\PSNetDsc.Common.psm1" -Force
}

Describe 'the manifest' {
    It 'exports a resource for each folder' {
        $manifest = Import-PowerShellDataFile -Path (Join-Path -Path $module -ChildPath 'PSNetDsc.psd1')
        $expected = @(Get-ChildItem -Path (Join-Path -Path $module -ChildPath 'DSCResources') -Directory | ForEach-Object -Process { $_.Name.Replace('PSNet_', 'PSNet') })
        @($manifest.DscResourcesToExport | Sort-Object) | Should -Be @($expected | Sort-Object)
    }
}

Describe 'the resource <Class>' -ForEach $classes {
    BeforeAll {
        Import-Module -Name (Join-Path -Path $Folder -ChildPath "$Class.psm1") -Force
    }

    AfterAll {
        Remove-Module -Name $Class
    }

    It 'exports Get-, Set- and Test-TargetResource' {
        @((Get-Module -Name $Class).ExportedFunctions.Keys | Sort-Object) | Should -Be @('Get-TargetResource', 'Set-TargetResource', 'Test-TargetResource')
    }

    It 'has the parameters of its schema' {
        $text = Get-Content -LiteralPath (Join-Path -Path $Folder -ChildPath "$Class.schema.mof") -Raw
        $settable = @([regex]::Matches($text, '\[(Key|Required|Write)[^\n]*\] \w+ (\w+)(\[\])?;') | ForEach-Object -Process { $_.Groups[2].Value })
        $common = @('Verbose', 'Debug', 'ErrorAction', 'WarningAction', 'InformationAction', 'ErrorVariable', 'WarningVariable', 'InformationVariable', 'OutVariable', 'OutBuffer', 'PipelineVariable', 'ProgressAction')
        foreach ($verb in @('Get', 'Set', 'Test'))
        {
            $command = Get-Command -Name "$Class\$verb-TargetResource"
            $own = @($command.Parameters.Keys | Where-Object -FilterScript { $common -notcontains $_ })
            @($own | Sort-Object) | Should -Be @($settable | Sort-Object)
        }
    }
}

Describe 'one spelling' {
    It 'of the ports <Ports> is <Expected>' -ForEach @(
        @{ Ports = @('443', '80'); Expected = '80,443' }
        @{ Ports = @('80-82', '83'); Expected = '80-83' }
        @{ Ports = @('any'); Expected = 'Any' }
        @{ Ports = @('RPC', '80'); Expected = '80,RPC' }
    ) {
        @(ConvertTo-PSNetPortSet -Port $Ports) -join ',' | Should -Be $Expected
    }

    It 'of the address <Address> is <Expected>' -ForEach @(
        @{ Address = '10.0.0.0/255.0.0.0'; Expected = '10.0.0.0/8' }
        @{ Address = '10.0.0.1/32'; Expected = '10.0.0.1' }
        @{ Address = '10.0.0.1-10.0.0.1'; Expected = '10.0.0.1' }
        @{ Address = 'fe80:0:0::1'; Expected = 'fe80::1' }
        @{ Address = 'LocalSubnet'; Expected = 'LocalSubnet' }
    ) {
        ConvertTo-PSNetAddress -Address $Address | Should -Be $Expected
    }

    It 'of a text that names nothing known is refused' {
        { ConvertFrom-PSNetText -Text 'Prefxi=10.0.0.0/24' -Name 'Prefix', 'Gateway' } | Should -Throw -ErrorId 'PSNet.BadText*'
    }
}

Describe 'the limit of an endpoint' {
    BeforeAll {
        Import-Module -Name "$PSScriptRoot\..\PSNetDsc\DSCResources\PSNet_EndpointQos\PSNet_EndpointQos.psm1" -Force
    }

    AfterAll {
        Remove-Module -Name 'PSNet_EndpointQos'
    }

    BeforeEach {
        Mock -CommandName 'Invoke-PSNetHns' -ModuleName 'PSNetDsc.Common' -MockWith {
            [PSCustomObject] @{ ID = 'a'; Name = 'app'; Policies = @([PSCustomObject] @{ Type = 'QOS'; MaximumOutgoingBandwidthInBytes = 1000 }) }
        }
    }

    It 'is read with one query' {
        (PSNet_EndpointQos\Get-TargetResource -Endpoint 'app').MaximumOutgoingBandwidth | Should -Be 1000
        Should -Invoke -CommandName 'Invoke-PSNetHns' -ModuleName 'PSNetDsc.Common' -Times 1 -Exactly
    }

    It 'is in the desired state only with the same number' {
        PSNet_EndpointQos\Test-TargetResource -Endpoint 'app' -MaximumOutgoingBandwidth 1000 | Should -BeTrue
        PSNet_EndpointQos\Test-TargetResource -Endpoint 'app' -MaximumOutgoingBandwidth 1001 | Should -BeFalse
        PSNet_EndpointQos\Test-TargetResource -Endpoint 'app' -Ensure 'Absent' | Should -BeFalse
    }

    It 'is needed when Ensure is Present' {
        { PSNet_EndpointQos\Test-TargetResource -Endpoint 'app' } | Should -Throw -ErrorId 'PSNet.PropertyMissing*'
    }
}
