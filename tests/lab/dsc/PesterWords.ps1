# Pester's words as far as dsc/tests uses them, for the lab's engine: blocks are collected first and run after, as Pester 5
# does. Dot-source it, dot-source a file of tests, then Invoke-PesterTests: it returns one object for each test.
$global:pesterRoot = @{ Name = ''; All = @(); Each = @(); After = @(); Children = @() }
$global:pesterBlock = $global:pesterRoot
$global:pesterMocks = @{}
$global:pesterCalls = New-Object -TypeName 'System.Collections.Generic.List[object]'
$global:pesterResults = New-Object -TypeName 'System.Collections.Generic.List[object]'

function BeforeDiscovery { param([scriptblock] $Block) . $Block; foreach ($variable in @(Get-Variable -Scope Local)) { if ($variable.Name -notin @('Block', 'variable', 'PSBoundParameters', 'args', 'input', 'MyInvocation', 'this', '_')) { try { Set-Variable -Name $variable.Name -Value $variable.Value -Scope Global -ErrorAction Stop } catch { continue } } } }
function BeforeAll { param([scriptblock] $Block) $global:pesterBlock.All += $Block }
function BeforeEach { param([scriptblock] $Block) $global:pesterBlock.Each += $Block }
function AfterAll { param([scriptblock] $Block) $global:pesterBlock.After += $Block }

function Describe {
    param([Parameter(Position = 0)] [string] $Name, [Parameter(Position = 1)] [scriptblock] $Fixture, $ForEach)
    foreach ($data in @(if ($null -ne $ForEach) { $ForEach } else { @{} })) {
        $outer = $global:pesterBlock
        $block = @{ Name = $Name; Data = $data; All = @(); Each = @(); After = @(); Children = @() }
        $global:pesterBlock = $block
        . $Fixture
        $global:pesterBlock = $outer
        $outer.Children += $block
    }
}
Set-Alias -Name Context -Value Describe -Scope Global

function It {
    param([Parameter(Position = 0)] [string] $Name, [Parameter(Position = 1)] [scriptblock] $Test, $ForEach)
    foreach ($data in @(if ($null -ne $ForEach) { $ForEach } else { @{} })) {
        $global:pesterBlock.Children += @{ Name = $Name; Data = $data; Test = $Test }
    }
}

function Mock {
    param([string] $CommandName, [string] $ModuleName, [scriptblock] $MockWith = {}, [scriptblock] $ParameterFilter)
    $key = "$ModuleName/$CommandName"
    if (-not $global:pesterMocks.ContainsKey($key)) {
        $common = @('Verbose', 'Debug', 'ErrorAction', 'WarningAction', 'InformationAction', 'ErrorVariable', 'WarningVariable', 'InformationVariable', 'OutVariable', 'OutBuffer', 'PipelineVariable', 'WhatIf', 'Confirm', 'ProgressAction')
        $known = & (Get-Module -Name $ModuleName) { param($Name) Get-Command -Name $Name } $CommandName
        $names = @($known.Parameters.Keys | Where-Object -FilterScript { $common -notcontains $_ })
        $words = @($names | ForEach-Object -Process { if ($known.Parameters[$_].ParameterType.Name -eq 'SwitchParameter') { "[switch] `${$_}" } else { "`${$_}" } })
        $text = "[CmdletBinding(SupportsShouldProcess = `$true)] param($($words -join ', ')) Invoke-PesterMock -Key '$key' -Bound `$PSBoundParameters"
        $global:pesterMocks[$key] = @{ Names = $names; With = $MockWith }
        & (Get-Module -Name $ModuleName) { param($Name, $Body) Set-Item -Path "function:script:$Name" -Value $Body } $CommandName ([scriptblock]::Create($text))
    }
    $global:pesterMocks[$key].With = $MockWith
}

function Invoke-PesterMock {
    param([string] $Key, [System.Collections.IDictionary] $Bound)
    $pesterMock = $global:pesterMocks[$Key]
    $global:pesterCalls.Add(@{ Key = $Key; Bound = $Bound; Names = $pesterMock.Names })
    Invoke-PesterBlock -PesterNames $pesterMock.Names -PesterBound $Bound -PesterScript $pesterMock.With
}

function Invoke-PesterBlock {
    param($PesterNames, $PesterBound, $PesterScript)
    foreach ($pesterName in $PesterNames) {
        Set-Variable -Name $pesterName -Value $(if (@($PesterBound.Keys) -contains $pesterName) { , $PesterBound[$pesterName] } else { $null })
    }
    . $PesterScript
}

function Should {
    param(
        [Parameter(ValueFromPipeline = $true)] $ActualValue, [switch] $Be, [switch] $BeTrue, [switch] $BeFalse, [switch] $Contain, [switch] $Throw, [switch] $BeGreaterThan,
        [Parameter(Position = 0)] $ExpectedValue, [string] $ErrorId, [switch] $Invoke, [string] $CommandName, [string] $ModuleName, [scriptblock] $ParameterFilter, [int] $Times = 1, [switch] $Exactly
    )
    begin { $all = New-Object -TypeName 'System.Collections.Generic.List[object]' }
    process { $all.Add($ActualValue) }
    end {
        if ($Invoke) {
            $count = 0
            foreach ($call in @($global:pesterCalls)) {
                if (($call.Key -eq "$ModuleName/$CommandName") -and (($null -eq $ParameterFilter) -or (Invoke-PesterBlock -PesterNames $call.Names -PesterBound $call.Bound -PesterScript $ParameterFilter))) { $count++ }
            }
            if (($count -lt $Times) -or ($Exactly -and ($count -ne $Times))) { throw "$CommandName of $ModuleName was called $count times, not $Times" }
            return
        }
        $actual = @($all.ToArray())
        if ($Throw) {
            try { $null = & $actual[0] } catch { if ((-not $ErrorId) -or ($_.FullyQualifiedErrorId -like $ErrorId)) { return } ; throw "it threw $($_.FullyQualifiedErrorId)" }
            throw 'it did not throw'
        }
        if ($Contain) { if ($actual -notcontains $ExpectedValue) { throw "[$($actual -join ', ')] does not contain [$ExpectedValue]" } return }
        if ($BeTrue) { if (($actual.Count -ne 1) -or ($actual[0] -ne $true)) { throw "[$($actual -join ', ')] is not true" } return }
        if ($BeFalse) { if (($actual.Count -ne 1) -or ($actual[0] -ne $false)) { throw "[$($actual -join ', ')] is not false" } return }
        if ($BeGreaterThan) { if (-not ($actual[0] -gt $ExpectedValue)) { throw "$($actual[0]) is not greater than $ExpectedValue" } return }
        $wanted = @($ExpectedValue)
        $same = $actual.Count -eq $wanted.Count
        for ($at = 0; $same -and ($at -lt $wanted.Count); $at++) { $same = $actual[$at] -eq $wanted[$at] }
        if (-not $same) { throw "expected [$($wanted -join ', ')], got [$($actual -join ', ')]" }
    }
}

function Invoke-PesterChild {
    param($PesterChildBlock, [string] $PesterPath, $PesterEach)
    foreach ($pesterKey in @(if ($PesterChildBlock.ContainsKey('Data')) { $PesterChildBlock.Data.Keys })) { Set-Variable -Name $pesterKey -Value $PesterChildBlock.Data[$pesterKey] }
    $pesterName = $PesterChildBlock.Name
    foreach ($pesterKey in @(if ($PesterChildBlock.ContainsKey('Data')) { $PesterChildBlock.Data.Keys })) { $pesterName = $pesterName.Replace("<$pesterKey>", "$($PesterChildBlock.Data[$pesterKey])") }
    $pesterHere = "$PesterPath $pesterName".Trim()
    if ($PesterChildBlock.ContainsKey('Test')) {
        $global:pesterCalls.Clear()
        $pesterMessage = ''
        try {
            foreach ($pesterScript in $PesterEach) { . $pesterScript }
            $null = . $PesterChildBlock.Test
        }
        catch { $pesterMessage = "$_" }
        $global:pesterResults.Add([PSCustomObject] @{ Name = $pesterHere; Message = $pesterMessage })
        return
    }
    foreach ($pesterScript in $PesterChildBlock.All) { . $pesterScript }
    $pesterSteps = @(@($PesterEach) + @($PesterChildBlock.Each) | Where-Object -FilterScript { $null -ne $_ })
    foreach ($pesterChild in $PesterChildBlock.Children) { Invoke-PesterChild -PesterChildBlock $pesterChild -PesterPath $pesterHere -PesterEach $pesterSteps }
    foreach ($pesterScript in $PesterChildBlock.After) { . $pesterScript }
}

function Invoke-PesterTests {
    Invoke-PesterChild -PesterChildBlock $global:pesterRoot -PesterPath '' -PesterEach @()
    $global:pesterResults
}
