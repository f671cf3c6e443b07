using Gatehouse.SystemTests.Harness;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.SystemTests.Server;

/// <summary>What the program is made of, as it runs.</summary>
public sealed class HostTests
{
    [Fact]
    public async Task Metrics_of_every_module_are_offered_and_no_key_is_written_beside_the_data()
    {
        await using var app = await TestApp.StartAsync();
        await app.Users.RegisteredUserAsync(TestUsers.NewEmail());
        await app.QuietAsync();

        var metrics = await app.Management.GetStringAsync(new Uri("/metrics", UriKind.Relative));

        foreach (var meter in new[] { "Gatehouse.Identity", "Gatehouse.Notifications", "Gatehouse.Messaging" })
            Assert.Contains($"otel_scope_name=\"{meter}\"", metrics, StringComparison.Ordinal);
        // The framework's service of that name makes a key in the home folder at start.
        Assert.DoesNotContain(app.Services.GetServices<IHostedService>(), s => s.GetType().Name == "DataProtectionHostedService");
    }
}
