using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Tenants;

namespace Gatehouse.Organizations.Tenants;

/// <summary>
/// All tenants in memory. What is asked about may be a second old; after a pause the first who asks waits for a new look. While the
/// database is away, what was known last counts. The first tenant has its names from the settings.
/// </summary>
internal sealed class TenantDirectory(Database database, TenantOptions options, DatabaseOutage outage, TimeProvider clock)
    : ITenantDirectory
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Usable = TimeSpan.FromSeconds(1);

    private readonly Tenant first = new(DefaultTenant.Id, options.Name, options.DisplayName);
    private readonly Lock gate = new();
    private Known? known;
    private Task<Known>? underWay;
    private int changes;

    public async ValueTask<Tenant?> FindByNameAsync(string name, CancellationToken cancellationToken) =>
        (await LookAsync(cancellationToken)).Active.FirstOrDefault(t => t.Name == name);

    // Domains come with their proof; until then no host name is anybody's, and the only tenant answers on all of them.
    public ValueTask<Tenant?> FindByHostAsync(string host, CancellationToken cancellationToken) => ValueTask.FromResult<Tenant?>(null);

    public async ValueTask<Tenant?> FindOnlyAsync(CancellationToken cancellationToken) =>
        (await LookAsync(cancellationToken)).Active is [var only] ? only : null;

    public async ValueTask<Tenant?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        (await LookAsync(cancellationToken)).Active.FirstOrDefault(t => t.Id == id);

    /// <summary>What this node changed itself it knows at once: a look that began before counts for nothing.</summary>
    public void Forget()
    {
        lock (gate)
        {
            changes++;
            (known, underWay) = (null, null);
        }
    }

    private async ValueTask<Known> LookAsync(CancellationToken cancellationToken)
    {
        var last = known;
        var age = last is null ? TimeSpan.MaxValue : clock.GetElapsedTime(last.At);
        if (age < Fresh)
            return last!;
        Task<Known> look;
        lock (gate)
        {
            var since = changes;
            using (ExecutionContext.SuppressFlow())
                look = underWay is { IsCompleted: false } ? underWay : underWay = Task.Run(() => ReadAsync(since), CancellationToken.None);
        }

        if (age < Usable)
            return last!;
        try
        {
            return await look.WaitAsync(cancellationToken);
        }
        catch (Exception e) when (last is not null && outage.Note(e))
        {
            return last;
        }
    }

    private async Task<Known> ReadAsync(int since)
    {
        var at = clock.GetTimestamp();
        var rows = await database.QueryAsync(
            db => db.ListAsync<TenantRow>($"select {TenantRow.Columns} from organizations.tenants"),
            CancellationToken.None
        );
        var others = rows.Where(r => r.Id != first.Id && r.State == TenantRow.Active);
        var seen = new Known([first, .. others.Select(r => new Tenant(r.Id, r.Name, r.DisplayName))], at);
        lock (gate)
        {
            if (since == changes)
                known = seen;
        }

        return seen;
    }

    private sealed record Known(IReadOnlyList<Tenant> Active, long At);
}
