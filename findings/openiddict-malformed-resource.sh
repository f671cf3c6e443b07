#!/usr/bin/env bash
# Expected: an authorization server answers a resource that is malformed (a relative address, or one with a fragment) with invalid_target, as one that is unknown:
#   "The requested resource is invalid, missing, unknown, or malformed." (RFC 8707, 2)
# Happens: OpenIddict 7.8.0 answers an unknown resource with invalid_target and a malformed one with invalid_request. DisableResourceValidation() turns the first check off and leaves the second:
#   it is done by handlers of their own (ValidateResourceParameter, ValidatePushedResourceParameter), before any handler of the application.
# Why it matters here: clients choose by the error whether to ask for another resource or to give up. We check resources ourselves against those of the client, and take these
#   handlers away, so that both are one answer (src/Gatehouse.OpenId/Authorization/AuthorizationArea.cs).
# Seen with: OpenIddict.Server.AspNetCore 7.8.0 in degraded mode, .NET 10.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >finding.csproj <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="OpenIddict.Server.AspNetCore" Version="7.8.0" />
  </ItemGroup>
</Project>
PROJECT
cat >Program.cs <<'PROGRAM'
using System.Security.Claims;
using System.Text.Json;
using OpenIddict.Abstractions;
using static OpenIddict.Server.OpenIddictServerEvents;

async Task<string> AskAsync(bool validates, string resource)
{
    var builder = WebApplication.CreateSlimBuilder();
    builder.Logging.ClearProviders();
    builder.WebHost.UseUrls("http://127.0.0.1:0").UseKestrelHttpsConfiguration();
    builder.Services.AddOpenIddict().AddServer(server =>
    {
        server.EnableDegradedMode().AllowClientCredentialsFlow().SetTokenEndpointUris("/token").DisableScopeValidation();
        if (!validates)
            server.DisableResourceValidation();
        server.AddEphemeralEncryptionKey().AddEphemeralSigningKey();
        server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(_ => default));
        server.AddEventHandler<HandleTokenRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            var identity = new ClaimsIdentity("finding");
            identity.AddClaim(new Claim(OpenIddictConstants.Claims.Subject, "client"));
            context.SignIn(new ClaimsPrincipal(identity));
            return default;
        }));
        server.UseAspNetCore().DisableTransportSecurityRequirement();
    });
    await using var app = builder.Build();
    app.UseAuthentication();
    await app.StartAsync();
    using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    var form = new Dictionary<string, string>
    {
        ["grant_type"] = "client_credentials", ["client_id"] = "client", ["client_secret"] = "secret", ["resource"] = resource,
    };
    var answer = await http.PostAsync("/token", new FormUrlEncodedContent(form));
    var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    return body.TryGetProperty("error", out var error) ? error.GetString()! : "a token";
}

const string Absolute = "https://orders.example.com/";
string[] seen =
[
    $"validating, unknown: {await AskAsync(true, Absolute)}",
    $"validating, relative: {await AskAsync(true, "orders")}",
    $"not validating, unknown: {await AskAsync(false, Absolute)}",
    $"not validating, relative: {await AskAsync(false, "orders")}",
    $"not validating, with a fragment: {await AskAsync(false, Absolute + "#x")}",
];
foreach (var line in seen)
    Console.WriteLine(line);
string[] expected =
[
    "validating, unknown: invalid_target",
    "validating, relative: invalid_request",
    "not validating, unknown: a token",
    "not validating, relative: invalid_request",
    "not validating, with a fragment: invalid_request",
];
return seen.SequenceEqual(expected) ? 0 : 1;
PROGRAM
dotnet run --verbosity quiet 2>&1
