#!/usr/bin/env bash
# Expected: a program published with PublishReadyToRun has its async methods compiled ahead of time, so that a start compiles next to nothing.
# Happens: of every async method about a dozen methods are compiled at its first call (AsyncMethodBuilderCore.Start, AsyncTaskMethodBuilder.AwaitUnsafeOnCompleted, the members of
#   AsyncStateMachineBox, each for the method's own state machine): they are generic code of the framework, which is outside the version bubble of the program. Publishing
#   self-contained changes nothing; PublishReadyToRunComposite, which compiles framework and program together, leaves none of them.
# Why it matters here: of 7,500 methods that the server compiled until it was idle a third were of this kind, in what start and idle memory are spent on. docs/capacity.md tells what the
#   composite form gave: a faster start, more memory, and minutes of compiling, so the program goes without.
# Seen with: .NET SDK 10.0.401, runtime 10.0.12, linux-x64. Needs the SDK; takes about three minutes on two idle cores.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export DOTNET_NOLOGO=1
cat >Steps.csproj <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <InvariantGlobalization>true</InvariantGlobalization>
    <PublishReadyToRun>true</PublishReadyToRun>
  </PropertyGroup>
</Project>
PROJECT
{
    echo 'var sum = 0;'
    for i in {1..50}; do echo "sum += await Steps.Take$i();"; done
    echo 'Console.WriteLine(sum);'
    echo 'static class Steps {'
    for i in {1..50}; do echo "public static async Task<int> Take$i() { await Task.Yield(); return $i; }"; done
    echo '}'
} >Program.cs

# Prints how many methods were compiled for the fifty state machines until the program ended.
compiled() {
    local name=$1
    shift
    dotnet publish --configuration Release --use-current-runtime --output "$name" "$@" --verbosity quiet >&2
    [[ $(DOTNET_JitStdOutFile=$work/$name.txt DOTNET_JitDisasmSummary=1 "./$name/Steps") == 1275 ]]
    grep --count 'Steps+<Take' "$work/$name.txt" || true
}

dotnet --version
dependent=$(compiled dependent --self-contained false)
contained=$(compiled contained --self-contained true)
composite=$(compiled composite --self-contained true -p:PublishReadyToRunComposite=true)
echo "Compiled at start for 50 async methods: $dependent framework-dependent, $contained self-contained, $composite composite"
((dependent > 500 && contained > 500 && composite == 0)) || { echo "The behaviour has changed." >&2; exit 1; }
