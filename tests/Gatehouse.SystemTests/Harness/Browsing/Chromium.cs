using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Harness.Browsing;

/// <summary>The machine's own Chromium, started once for the whole run. Contexts, each a browser without a past, are what tests take from
/// it.</summary>
internal static class Chromium
{
    /// <summary>How long a browser is waited for: a busy machine may take its time.</summary>
    public const float PatienceMilliseconds = 45_000;

    // Without a window it takes two thirds of the time.
    private const string Executable = "/usr/bin/chromium-headless-shell";

    private static readonly Lazy<Task<(IPlaywright Driver, IBrowser Browser)>> Shared = new(StartAsync);

    public static async Task<IBrowser> GetAsync() => (await Shared.Value).Browser;

    public static async Task StopAsync()
    {
        if (!Shared.IsValueCreated)
            return;
        var (driver, browser) = await Shared.Value;
        await browser.CloseAsync();
        driver.Dispose();
    }

    private static async Task<(IPlaywright Driver, IBrowser Browser)> StartAsync()
    {
        Assertions.SetDefaultExpectTimeout(PatienceMilliseconds);
        // The package brings its own driver.
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = Executable,
                Args =
                [
                    "--no-sandbox",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                ],
            }
        );
        return (playwright, browser);
    }
}
