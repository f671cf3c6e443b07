[assembly: AssemblyFixture(typeof(Gatehouse.SystemTests.Harness.RunningApp))]

namespace Gatehouse.SystemTests.Harness;

/// <summary>
/// One application for all tests of the assembly that neither move time nor change settings nor inject faults: each has users of its own.
/// The collections of <see cref="MovedTime"/> have one for themselves.
/// </summary>
public sealed class RunningApp : IAsyncLifetime
{
    public TestApp App { get; private set; } = null!;

    // With keys of its own: to the others, which are copies, it is another installation.
    public async ValueTask InitializeAsync() => App = await TestApp.StartAsync(await (await TestDatabases.GetAsync()).CreateAsync());

    public async ValueTask DisposeAsync() => await App.DisposeAsync();
}
