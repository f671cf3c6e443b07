#!/usr/bin/env bash
# Expected: a webhook whose header webhook-signature lists several signatures, as Standard Webhooks asks of who replaces a secret, is good if any of them
#   is: "v1,<by the new secret> v1,<by the old one>".
# Happens: StandardWebhooks for .NET compares the first one only. With the same two signatures in the other order, Verify throws "No matching
#   signature found". An unknown version before it (v1a, of Ed25519) has the same effect.
# Why it matters here: while Mail:Signing:PreviousSecret is set, a receiver that uses this library and still holds the previous secret rejects
#   our messages. docs/operations/mailer.md says how to verify without it.
# Seen with: StandardWebhooks 1.1.2, .NET 10.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
cat >finding.csproj <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <FrameworkReference Include="Microsoft.AspNetCore.App" />
    <PackageReference Include="StandardWebhooks" Version="[1.1.2]" />
  </ItemGroup>
</Project>
PROJECT
cat >Program.cs <<'PROGRAM'
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using StandardWebhooks;
using StandardWebhooks.Diagnostics;

const string Body = """{"type":"email"}""";
var (mine, other) = (RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32));
var now = DateTimeOffset.UtcNow;
var (good, foreign) = (Sign(mine), Sign(other));
var first = Verifies($"{good} {foreign}");
var second = Verifies($"{foreign} {good}");
Console.WriteLine($"good signature first: {first}, second: {second}");
return first && !second ? 0 : 1;

string Sign(byte[] secret) => new StandardWebhook(secret).Sign("msg_1", now, Body);

bool Verifies(string signatures)
{
    try
    {
        new StandardWebhook(mine).Verify(
            Body,
            new HeaderDictionary
            {
                ["webhook-id"] = "msg_1",
                ["webhook-timestamp"] = now.ToUnixTimeSeconds().ToString(),
                ["webhook-signature"] = signatures,
            }
        );
        return true;
    }
    catch (WebhookVerificationException)
    {
        return false;
    }
}
PROGRAM
dotnet run --configuration Release 2>/dev/null
