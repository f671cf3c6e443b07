#!/usr/bin/env bash
# System.Text.Json, source generator: a null byte[] is written as an empty one.
#
# One would expect: a JsonSerializerContext with default options writes what reflection writes, `"Data":null` for a null array of bytes.
# What happens: JsonSerializer.Serialize(value, Context.Default.Type) uses the generated fast path, which hands the null array to a writer of spans, and
#   "Data":"" comes out; read back it is an empty array. The same context writes null when it goes to a stream (SerializeAsync), in metadata mode, or by
#   reflection. With DefaultIgnoreCondition.WhenWritingNull the member is left out.
# Why it matters here: optional encrypted values are stored as byte[] in JSON. "No value" became a ciphertext of length zero, which then failed to decrypt.
#
# Needs: dotnet SDK 10. Downloads nothing beyond it. Fails when the behaviour changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false

cat > finding.csproj <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <Nullable>enable</Nullable>
  </PropertyGroup>
</Project>
PROJECT

cat > Program.cs <<'PROGRAM'
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

var note = new Note("a", Data: null);
var stream = new MemoryStream();
await JsonSerializer.SerializeAsync(stream, note, Generated.Default.Note);

Console.WriteLine("System.Text.Json " + typeof(JsonSerializer).Assembly.GetName().Version + " on .NET " + Environment.Version);
Console.WriteLine("by reflection:           " + JsonSerializer.Serialize(note));
Console.WriteLine("generated, to a string:  " + JsonSerializer.Serialize(note, Generated.Default.Note));
Console.WriteLine("generated, to a stream:  " + Encoding.UTF8.GetString(stream.ToArray()));
Console.WriteLine("metadata mode:           " + JsonSerializer.Serialize(note, Metadata.Default.Note));
Console.WriteLine("without nulls:           " + JsonSerializer.Serialize(note, WithoutNulls.Default.Note));

internal sealed record Note(string Name, byte[]? Data);

[JsonSerializable(typeof(Note))]
internal sealed partial class Generated : JsonSerializerContext;

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Note))]
internal sealed partial class Metadata : JsonSerializerContext;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Note))]
internal sealed partial class WithoutNulls : JsonSerializerContext;
PROGRAM

output=$(timeout 300 dotnet run)
echo "$output"

expect() { grep --quiet --fixed-strings -- "$1" <<<"$output" || { echo "CHANGED: expected: $1" >&2; exit 1; }; }
expect 'by reflection:           {"Name":"a","Data":null}'
expect 'generated, to a string:  {"Name":"a","Data":""}'
expect 'generated, to a stream:  {"Name":"a","Data":null}'
expect 'metadata mode:           {"Name":"a","Data":null}'
expect 'without nulls:           {"Name":"a"}'
echo "as found"
