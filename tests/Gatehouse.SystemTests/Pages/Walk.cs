using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>An administrator's way through the console, whose actions are counted.</summary>
internal sealed class Walk : IAsyncDisposable
{
    private readonly Visit visit;

    private Walk(Visit visit, SignedIn administrator) => (this.visit, Administrator) = (visit, administrator);

    public IPage Page => visit.Page;

    public SignedIn Administrator { get; }

    public int Actions { get; private set; }

    /// <param name="administrator">An administrator of the tenant unless another one is named.</param>
    public static async Task<Walk> StartAsync(TestApp app, SignedIn? administrator = null)
    {
        var admin = administrator ?? await app.TenantAdministratorAsync();
        // Without a script each text is typed and sent, which is the long way.
        var begun = await Visit.StartAsync(app, script: false);
        await begun.SignInAsync(admin.Email);
        return new Walk(begun, admin);
    }

    public async Task BeginAsync()
    {
        await visit.GoAsync("/admin");
        Actions = 0;
    }

    public async Task FindAsync(string text)
    {
        Actions++;
        await Page.FillAsync("#find", text);
        await LedOnAsync(() => Page.PressAsync("#find", "Enter"));
    }

    public Task ClickAsync(string selector)
    {
        Actions++;
        return FollowAsync(selector);
    }

    /// <summary>A click that is not counted.</summary>
    public Task FollowAsync(string selector) => LedOnAsync(() => Page.ClickAsync(selector));

    public Task TypeAsync(string selector, string text)
    {
        Actions++;
        return Page.FillAsync(selector, text);
    }

    /// <summary>A text and Enter, which sends the form.</summary>
    public async Task TypeAndSendAsync(string selector, string text)
    {
        await TypeAsync(selector, text);
        await LedOnAsync(() => Page.PressAsync(selector, "Enter"));
    }

    public Task ChooseAsync(string selector, string value)
    {
        Actions++;
        return Page.SelectOptionAsync(selector, value);
    }

    public async Task<string> DownloadAsync(string selector)
    {
        Actions++;
        var download = await Page.RunAndWaitForDownloadAsync(() => Page.ClickAsync(selector));
        return await File.ReadAllTextAsync(await download.PathAsync());
    }

    public ValueTask DisposeAsync() => visit.DisposeAsync();

    // Every link and button leads on here; what looks the same on the page before must not be taken for the next one's.
    private async Task LedOnAsync(Func<Task> act)
    {
        var led = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Led(object? sender, IFrame frame) => led.TrySetResult();
        Page.FrameNavigated += Led;
        await act();
        await led.Task.WaitAsync(TestApp.Patience);
        Page.FrameNavigated -= Led;
        await Page.WaitForLoadStateAsync();
    }
}
