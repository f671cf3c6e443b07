using System.Globalization;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Tenants;
using Gatehouse.Web;

namespace Gatehouse.Organizations.Tenants;

/// <summary>
/// All tenants in memory. What is asked about may be a second old; after a pause the first who asks waits for a new look. While the
/// database is away, what was known last counts. The first tenant has its names from the settings.
/// </summary>
internal sealed class TenantDirectory(Database database, TenantOptions options, HttpOptions http, DatabaseOutage outage, TimeProvider clock)
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

    public async ValueTask<Tenant?> FindByHostAsync(string host, CancellationToken cancellationToken) =>
        (await LookAsync(cancellationToken)).Hosts.GetValueOrDefault(HostText.Canonical(host));

    public async ValueTask<Tenant?> FindDefaultAsync(string host, CancellationToken cancellationToken)
    {
        var tenants = await LookAsync(cancellationToken);
        // A disabled tenant's host is nobody else's.
        if (tenants.Hosts.ContainsKey(HostText.Canonical(host)))
            return null;
        return tenants.Active is [var only] ? only
            : HostText.IsSame(host, http.PublicBase) ? tenants.Active.First(t => t.Id == first.Id)
            : null;
    }

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
        var (rows, hosts) = await database.QueryAsync(
            async db =>
                (
                    await db.ListAsync<TenantRow>($"select {TenantRow.Columns} from organizations.tenants"),
                    await db.ListAsync<HostRow>("select domain, tenant_id from organizations.verified_domains")
                ),
            CancellationToken.None
        );
        List<Tenant> active = [.. rows.Where(r => r.Id == first.Id || r.State == TenantRow.Active).Select(Of)];
        var byId = active.ToDictionary(t => t.Id);
        var seen = new Known(
            active,
            hosts.ToDictionary(h => h.Domain, h => byId.GetValueOrDefault(h.TenantId), StringComparer.Ordinal),
            at
        );
        lock (gate)
        {
            if (since == changes)
                known = seen;
        }

        return seen;
    }

    private Tenant Of(TenantRow row) =>
        (row.Id == first.Id ? first : new Tenant(row.Id, row.Name, row.DisplayName)) with
        {
            LinkDomain = row.LinkDomain,
            Terms = row.Terms,
            Settings = new()
            {
                RegistrationIsOpen = row.Registration == TenantRow.Open,
                DefaultLanguage = row.DefaultLanguage,
                RegistersByEmail = row.Identifiers.Contains(TenantRow.Email),
                RegistersByPhone = row.Identifiers.Contains(TenantRow.Phone),
                DefaultRegion = row.DefaultRegion,
                GeneratesUsernames = row.Usernames == TenantRow.Generated,
                SignsInByPassword = row.SignInModes.Contains(TenantRow.Password),
                SignsInByCode = row.SignInModes.Contains(TenantRow.Code),
                RegistersAutomatically = row.AutomaticRegistration,
                AsksIdentifierFirst = row.SignInPage == TenantRow.IdentifierFirst,
                SecondFactor = row.SecondFactor switch
                {
                    TenantRow.Off => SecondFactorPolicy.Off,
                    TenantRow.Required => SecondFactorPolicy.Required,
                    _ => SecondFactorPolicy.Optional,
                },
                SecondFactorRoles = row.SecondFactorRoles,
                SecondFactorGraceDays = row.SecondFactorGraceDays,
                SecondFactors = row.SecondFactors,
                DaysBetweenEmailChanges = row.EmailChange switch
                {
                    TenantRow.Always => 0,
                    TenantRow.Once => null,
                    var days => int.Parse(days, CultureInfo.InvariantCulture),
                },
            },
        };

    /// <param name="Active">All that are served.</param>
    /// <param name="Hosts">By verified domain; null for that of a tenant that is not served.</param>
    /// <param name="At">When that was read.</param>
    private sealed record Known(IReadOnlyList<Tenant> Active, IReadOnlyDictionary<string, Tenant?> Hosts, long At);

    private sealed class HostRow
    {
        public string Domain { get; init; } = "";

        public Guid TenantId { get; init; }
    }
}
