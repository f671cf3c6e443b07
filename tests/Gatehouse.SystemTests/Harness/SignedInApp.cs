namespace Gatehouse.SystemTests.Harness;

/// <summary>One application with two people signed in, for all tests of a class that do not disturb each other.</summary>
public sealed class SignedInApp : IAsyncLifetime
{
    public TestApp App { get; private set; } = null!;

    public SignedIn Ada { get; private set; } = null!;

    public SignedIn Ben { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        App = await TestApp.StartAsync();
        Ada = await App.Users.SomebodyAsync();
        Ben = await App.Users.SomebodyAsync();
    }

    public async Task DisposeAsync() => await App.DisposeAsync();
}
