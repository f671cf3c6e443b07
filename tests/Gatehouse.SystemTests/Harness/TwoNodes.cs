namespace Gatehouse.SystemTests.Harness;

/// <summary>Two nodes on the same databases.</summary>
public sealed class TwoNodes : IAsyncLifetime
{
    public TestApp App { get; private set; } = null!;

    public TestApp Other { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        App = await TestApp.StartAsync();
        Other = await App.StartNodeAsync();
    }

    public async Task DisposeAsync()
    {
        await Other.DisposeAsync();
        await App.DisposeAsync();
    }
}
