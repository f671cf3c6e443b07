using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Harness.Browsing;

/// <summary>The machine's own Chromium, started once for the whole run. Contexts, each a browser without a past, are what tests take from it.</summary>
internal static class Chromium
{
    private const string Executable = "/usr/bin/chromium";

    private static readonly Lazy<Task<IBrowser>> Shared = new(StartAsync);

    public static Task<IBrowser> GetAsync() => Shared.Value;

    private static async Task<IBrowser> StartAsync()
    {
        // The package brings its own driver. Both end with the test run, whose pipes they hold.
        var playwright = await Playwright.CreateAsync();
        return await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Executable,
            Args = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }
}
