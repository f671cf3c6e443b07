using System.Collections.Concurrent;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Hosting;
using Gatehouse.Split.Protocol;

namespace Gatehouse.Split;

/// <summary>Asks for tenants, and remembers the answers for a minute; longer while nobody can be asked.</summary>
internal sealed class RemoteTenantDirectory(SplitClient identity, TimeProvider clock) : ITenantDirectory
{
    // Names and hosts come from requests: what is remembered is bounded.
    private const int MaxHeld = 10_000;
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<FindTenantRequest, (Tenant? Tenant, long AskedAt)> held = new();

    public ValueTask<Tenant?> FindByNameAsync(string name, CancellationToken cancellationToken) =>
        FindAsync(new FindTenantRequest { Name = name }, cancellationToken);

    public ValueTask<Tenant?> FindByHostAsync(string host, CancellationToken cancellationToken) =>
        FindAsync(new FindTenantRequest { Host = host }, cancellationToken);

    public ValueTask<Tenant?> FindDefaultAsync(string host, CancellationToken cancellationToken) =>
        FindAsync(new FindTenantRequest { UnclaimedHost = host }, cancellationToken);

    public ValueTask<Tenant?> FindOnlyAsync(CancellationToken cancellationToken) =>
        FindAsync(new FindTenantRequest { Only = true }, cancellationToken);

    public ValueTask<Tenant?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        FindAsync(new FindTenantRequest { Id = id.ToString() }, cancellationToken);

    private async ValueTask<Tenant?> FindAsync(FindTenantRequest request, CancellationToken cancellationToken)
    {
        var known = held.TryGetValue(request, out var last);
        if (known && clock.GetElapsedTime(last.AskedAt) < Fresh)
            return last.Tenant;
        try
        {
            var found = (await identity.FindTenantAsync(request, cancellationToken)).Tenant;
            var tenant = found is null
                ? null
                : new Tenant(Guid.Parse(found.Id, null), found.Name, found.DisplayName)
                {
                    Terms = found.HasTermsVersion
                        ? new TenantTerms(
                            found.TermsVersion,
                            found.TermsLinks.ToDictionary(link => link.Key, link => link.Value, StringComparer.Ordinal)
                        )
                        : null,
                    LinkDomain = found.HasLinkDomain ? found.LinkDomain : null,
                    Settings = new()
                    {
                        RegistrationIsOpen = !found.RegistrationClosed,
                        RegistersByEmail = !found.EmailRegistrationClosed,
                        RegistersByPhone = !found.PhoneRegistrationClosed,
                        DefaultRegion = found.HasDefaultRegion ? found.DefaultRegion : null,
                        GeneratesUsernames = found.GeneratesUsernames,
                        SignsInByPassword = !found.PasswordSignInOff,
                        SignsInByCode = !found.CodeSignInOff,
                        RegistersAutomatically = found.RegistersAutomatically,
                        AsksIdentifierFirst = found.AsksIdentifierFirst,
                        SecondFactor = Enum.TryParse<SecondFactorPolicy>(found.SecondFactor, out var policy)
                            ? policy
                            : TenantSettings.Default.SecondFactor,
                        SecondFactorRoles = [.. found.SecondFactorRoles],
                        SecondFactorGraceDays = found.SecondFactorGraceDays,
                        SecondFactors = [.. found.SecondFactors],
                        DaysBetweenEmailChanges =
                            found.EmailChangeOnce ? null
                            : found.HasDaysBetweenEmailChanges ? found.DaysBetweenEmailChanges
                            : TenantSettings.Default.DaysBetweenEmailChanges,
                        DefaultLanguage = found.HasDefaultLanguage ? found.DefaultLanguage : TenantSettings.Default.DefaultLanguage,
                    },
                };
            if (held.Count >= MaxHeld)
                held.Clear();
            held[request] = (tenant, clock.GetTimestamp());
            return tenant;
        }
        catch (DependencyAwayException) when (known)
        {
            return last.Tenant;
        }
    }
}
