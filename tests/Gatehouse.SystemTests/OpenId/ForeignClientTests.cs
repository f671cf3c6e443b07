using System.Text.Json;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.OpenId;

/// <summary>The certified library openid-client, which knows nothing of Gatehouse but the address of its issuer.</summary>
[Trait("Speed", "Slow")]
public sealed class ForeignClientTests(RunningApp running)
{
    [Fact]
    public async Task It_gets_a_token_asks_about_it_and_revokes_it()
    {
        var app = running.App;
        var client = await app.ClientAsync(await app.TenantAdministratorAsync(), "tokens:introspect", "users:read");
        var server = app.Http.BaseAddress!.AbsoluteUri.TrimEnd('/');

        var (exitCode, output) = await NodePackages.RunAsync(
            "Foreign",
            "node",
            "clients.mjs",
            server,
            "http://localhost:8080",
            client.ClientId,
            client.Secret
        );

        Assert.True(exitCode == 0, output);
        using var steps = JsonDocument.Parse(output);
        foreach (var step in steps.RootElement.EnumerateObject())
        {
            Assert.Equal(600, step.Value.GetProperty("expires").GetInt32());
            var before = step.Value.GetProperty("before");
            Assert.Equal(
                (true, client.ClientId, "tokens:introspect"),
                (
                    before.GetProperty("active").GetBoolean(),
                    before.GetProperty("client_id").GetString(),
                    before.GetProperty("scope").GetString()
                )
            );
            Assert.False(step.Value.GetProperty("after").GetProperty("active").GetBoolean());
            Assert.Equal("invalid_scope", step.Value.GetProperty("rejected").GetString());
        }

        Assert.Equal(2, steps.RootElement.EnumerateObject().Count());
    }
}
