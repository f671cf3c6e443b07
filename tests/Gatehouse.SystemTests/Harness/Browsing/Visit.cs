using System.Globalization;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Harness.Browsing;

/// <summary>One person's browser without a past: its page, what it fetched, and a look at how it appears.</summary>
internal sealed class Visit : IAsyncDisposable
{
    /// <summary>The environment variable that names a folder for pictures of every page that is looked at.</summary>
    public const string PicturesVariable = "PAGE_PICTURES";

    private const string GraveViolations = """
        () => axe.run(document, { resultTypes: ['violations'] }).then(result => result.violations
          .filter(violation => ['serious', 'critical'].includes(violation.impact))
          .map(violation => `${violation.id}: ${violation.help} ${violation.nodes.map(node => node.html).join(' | ')}`))
        """;

    private static readonly string? Pictures = Environment.GetEnvironmentVariable(PicturesVariable);

    private static readonly (string Name, int Width, int Height)[] Sizes =
    [
        ("phone-320", 320, 640),
        ("phone-390", 390, 844),
        ("desktop", 1280, 800),
    ];

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    private readonly IBrowserContext context;
    private readonly bool script;

    private Visit(IBrowserContext context, IPage page, bool script)
    {
        (this.context, Page, this.script) = (context, page, script);
        page.Console += (_, message) =>
        {
            // A rejection's own status is what many tests ask for.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
                Complaints.Add(message.Text);
        };
        page.PageError += (_, fault) => Complaints.Add(fault);
    }

    public IPage Page { get; }

    /// <summary>What the browser complained of: scripts that failed, and all that the content policy kept from happening.</summary>
    public List<string> Complaints { get; } = [];

    public static async Task<Visit> StartAsync(TestApp app, string language = "en", bool script = true)
    {
        var browser = await Chromium.GetAsync();
        var fresh = await browser.NewContextAsync(
            new BrowserNewContextOptions
            {
                // By name, as people type it: cookies and secure contexts hang on it.
                BaseURL = new UriBuilder(app.Http.BaseAddress!) { Host = "localhost" }.Uri.ToString(),
                Locale = language,
                TimezoneId = "Asia/Kolkata",
                JavaScriptEnabled = script,
                ReducedMotion = ReducedMotion.Reduce,
                ViewportSize = new ViewportSize { Width = 1280, Height = 800 },
            }
        );
        fresh.SetDefaultTimeout(Chromium.PatienceMilliseconds);
        return new Visit(fresh, await fresh.NewPageAsync(), script);
    }

    /// <summary>Sends a header with every request from now on.</summary>
    public Task SendAsync((string Name, string Value) header) =>
        context.SetExtraHTTPHeadersAsync(new Dictionary<string, string>(StringComparer.Ordinal) { [header.Name] = header.Value });

    public async Task<IResponse> GoAsync(string path) => (await Page.GotoAsync(path))!;

    /// <summary>
    /// Waits until the browser is at an address that the pattern matches. It is asked for again and again: Playwright's own
    /// <c>WaitForURLAsync</c> misses an arrival between its first look and its listening.
    /// </summary>
    public async Task ArriveAsync(string pattern)
    {
        await Assertions.Expect(Page).ToHaveURLAsync(new Regex(pattern));
        // The address is there before the page is.
        await Page.WaitForLoadStateAsync(LoadState.DOMContentLoaded);
    }

    /// <summary>
    /// The page passes axe in light and dark and never scrolls sideways, down to 320 pixels (WCAG 1.4.10). With
    /// <see cref="PicturesVariable"/> set, it leaves a picture of each size.
    /// </summary>
    public async Task LookAsync(string name)
    {
        await Page.WaitForLoadStateAsync();
        // Without a script neither axe nor a width can be asked for: then only pictures are left.
        ColorScheme[] schemes = script || !string.IsNullOrEmpty(Pictures) ? [ColorScheme.Light, ColorScheme.Dark] : [];
        foreach (var scheme in schemes)
        {
            await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            foreach (var size in Sizes)
            {
                await Page.SetViewportSizeAsync(size.Width, size.Height);
                await PictureAsync(name, size.Name, scheme);
                if (!script)
                    continue;
                var width = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
                Assert.True(width <= size.Width, $"{name} is {width} pixels wide on {size.Width}");
            }

            if (script)
                await AssertAccessibleAsync(name, scheme);
        }

        Assert.True(Complaints.Count == 0, $"{name}: {string.Join('\n', Complaints)}");
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();

    private async Task AssertAccessibleAsync(string name, ColorScheme scheme)
    {
        // One evaluation per scheme: the package's own way opens another page for every run.
        if (!await Page.EvaluateAsync<bool>("'axe' in window"))
            await Page.EvaluateAsync(Axe);
        var grave = await Page.EvaluateAsync<string[]>(GraveViolations);
        Assert.True(grave.Length == 0, $"{name}, {scheme}:\n{string.Join('\n', grave)}");
    }

    private async Task PictureAsync(string name, string size, ColorScheme scheme)
    {
        if (string.IsNullOrEmpty(Pictures))
            return;
        await Page.ScreenshotAsync(
            new PageScreenshotOptions
            {
                FullPage = true,
                Path = Path.Combine(
                    Pictures,
                    string.Create(CultureInfo.InvariantCulture, $"{name}.{size}.{(scheme == ColorScheme.Dark ? "dark" : "light")}.png")
                ),
            }
        );
    }
}
