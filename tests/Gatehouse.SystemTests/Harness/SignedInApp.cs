namespace Gatehouse.SystemTests.Harness;

/// <summary>Two people signed in at the application of the assembly, for all tests of a class.</summary>
public sealed class SignedInApp(RunningApp running) : IAsyncLifetime
{
    public TestApp App => running.App;

    public SignedIn Ada { get; private set; } = null!;

    public SignedIn Ben { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Ada = await App.Users.SomebodyAsync();
        Ben = await App.Users.SomebodyAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
