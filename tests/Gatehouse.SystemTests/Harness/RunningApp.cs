namespace Gatehouse.SystemTests.Harness;

/// <summary>One application for all tests of a class that do not disturb each other.</summary>
public sealed class RunningApp : IAsyncLifetime
{
    public TestApp App { get; private set; } = null!;

    public async Task InitializeAsync() => App = await TestApp.StartAsync();

    public async Task DisposeAsync() => await App.DisposeAsync();
}
