namespace Gatehouse.SystemTests.Harness;

/// <summary>Two nodes on the same databases, under one clock.</summary>
public sealed class TwoNodes : IAsyncLifetime
{
    public TestApp App { get; private set; } = null!;

    public TestApp Other { get; private set; } = null!;

    public TestApp First => App;

    public ShiftableClock Clock => App.Clock;

    public TestApp this[int i] => i % 2 == 0 ? App : Other;

    public async ValueTask InitializeAsync()
    {
        App = await TestApp.StartAsync();
        Other = await App.StartNodeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Other.DisposeAsync();
        await App.DisposeAsync();
    }
}
