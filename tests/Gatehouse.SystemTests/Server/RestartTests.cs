using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.Web.DataProtection;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace Gatehouse.SystemTests.Server;

/// <summary>A restart on existing data serves at once, whatever is asked first.</summary>
public sealed class RestartTests
{
    private const int Restarts = 5;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_restart_answers_form_pages_from_the_first_request_on(bool development)
    {
        var databases = await (await TestDatabases.GetAsync()).CreateAsync();
        var settings = await ServeTests.SettingsAsync(databases);
        for (var restart = 0; restart <= Restarts; restart++)
        {
            await using var app = await TestApp.StartAsync(databases, settings: settings, development: development);
            var pages = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => app.Http.GetAsync(new Uri("/sign-in", UriKind.Relative))));
            using var live = await app.Http.GetAsync(new Uri("/health/live", UriKind.Relative));

            Assert.All(pages, page => Assert.Equal(HttpStatusCode.OK, page.StatusCode));
            Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        }
    }

    [Fact]
    public async Task The_next_key_for_forms_is_created_a_week_before_its_use_by_one_node_and_read_by_the_others()
    {
        await using var app = await TestApp.StartAsync();
        await using var other = await app.StartNodeAsync();
        var keys = app.Services.GetRequiredService<IKeyManager>();
        var now = TimeProvider.System.GetUtcNow();
        await app.KeysExecuteAsync("delete from keys.data_protection_keys");
        keys.CreateNewKey(now.AddDays(-85), now.AddDays(5));

        foreach (var node in new[] { app, other, app })
            await node.Services.GetRequiredService<DataProtectionInitializer>().RefreshAsync(CancellationToken.None);

        Assert.Equal(2L, await app.KeyScalarAsync<long>("select count(*) from keys.data_protection_keys"));
        var next = Assert.Single(other.Services.GetRequiredService<IKeyManager>().GetAllKeys(), key => key.ActivationDate > now);
        Assert.InRange(next.ActivationDate - now, TimeSpan.FromDays(4.9), TimeSpan.FromDays(5));
        var text = app.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("text");
        Assert.Equal("text", other.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Unprotect(text));
    }
}
