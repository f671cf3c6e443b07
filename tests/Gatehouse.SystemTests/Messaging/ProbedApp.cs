using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Messaging;

/// <summary>One application with both subscribers, for tests that have keys of their own.</summary>
public sealed class ProbedApp : IAsyncLifetime
{
    internal Probe Probe { get; } = new();

    internal TestApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        App = await Probe.StartAsync(settings: new() { ["Messaging:MaxAttempts"] = "3" });
        await App.ExecuteAsync("create table public.people (id uuid primary key, version bigint not null)");
    }

    public async ValueTask DisposeAsync() => await App.DisposeAsync();
}

/// <summary>The tests that share it, one after the other.</summary>
[CollectionDefinition]
public sealed class OneProbe : ICollectionFixture<ProbedApp>;
