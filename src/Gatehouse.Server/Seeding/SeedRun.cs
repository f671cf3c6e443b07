using Gatehouse.Contracts.Access;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;

namespace Gatehouse.Server.Seeding;

/// <summary>
/// What the steps of a plan work with: the handlers of the API, each in its own transaction, for an operator who may do everything.
/// Whatever a step refers to is looked up by its name when the step runs, so a run that was cut off is simply repeated.
/// </summary>
internal sealed class SeedRun(IServiceProvider services, Tenant first)
{
    // A tenant that a step created is known by its name from then on.
    private readonly Dictionary<string, Tenant> tenants = new(StringComparer.Ordinal) { [first.Name] = first };

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public void Know(Tenant tenant) => tenants[tenant.Name] = tenant;

    public Task<Actor> OperatorAsync(CancellationToken cancellationToken) => OperatorAsync(first.Name, cancellationToken);

    public async Task<Actor> OperatorAsync(string tenant, CancellationToken cancellationToken, string language = Languages.Default)
    {
        var known = await QueryAsync(db => Get<KnownPermissions>().ReadAsync(db), cancellationToken);
        var role = Roles.Of(BuiltInRole.PlatformAdministrator, known);
        return Actor.Operator(tenants[tenant], language) with
        {
            Access = new UserAccess([
                new RoleGrant
                {
                    RoleId = role.Id,
                    Role = role.Name,
                    Level = role.Level,
                    OrganizationId = null,
                    Permissions = role.Permissions,
                },
            ]),
        };
    }

    /// <summary>Somebody of the tenant who is not signed in.</summary>
    public Actor Somebody(string tenant) =>
        new()
        {
            Tenant = tenants[tenant],
            Language = Languages.Default,
            Client = "seed",
        };

    public async Task<Guid> OrganizationAsync(string tenant, string code, CancellationToken cancellationToken) =>
        (await QueryAsync(db => OrganizationRow.FindByCodeAsync(db, tenants[tenant].Id, code), cancellationToken))!.Id;

    public async Task<Guid> RoleAsync(string tenant, string name, Guid? organization, CancellationToken cancellationToken) =>
        BuiltInRole.All.FirstOrDefault(role => role.Name == name)?.Id
        ?? (await QueryAsync(db => RoleRow.ListAsync(db, tenants[tenant].Id), cancellationToken))
            .First(role => role.Name == name && (role.Where is null || role.Where == organization))
            .Id;

    public async Task<Guid> UserAsync(string tenant, Identifier email, CancellationToken cancellationToken) =>
        (await QueryAsync(db => email.FindAsync(db, tenants[tenant].Id, Get<BlindIndex>()), cancellationToken))!.Id;

    private Task<T> QueryAsync<T>(Func<DbSession, Task<T>> query, CancellationToken cancellationToken) =>
        Get<Database>().QueryAsync(query, cancellationToken);
}
