using System.Collections.Concurrent;
using Gatehouse.Contracts.Access;
using Gatehouse.Core.Postgres;
using Gatehouse.Web.Modules;

namespace Gatehouse.Organizations.Data;

/// <summary>The permissions there are at one moment: those that the program declares and those that were registered.</summary>
internal sealed class PermissionSet(IEnumerable<Permission> permissions)
{
    private readonly Dictionary<string, Permission> byName = permissions.ToDictionary(p => p.Name, StringComparer.Ordinal);
    private readonly ConcurrentDictionary<AccessLevel, IReadOnlySet<string>> byLevel = new();

    public IEnumerable<Permission> All => byName.Values;

    public Permission? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>What the built-in administrator of a level holds.</summary>
    public IReadOnlySet<string> HeldAt(AccessLevel level) =>
        byLevel.GetOrAdd(
            level,
            static (level, all) => all.Where(p => p.Level <= level).Select(p => p.Name).ToHashSet(StringComparer.Ordinal),
            byName.Values
        );

    /// <summary>Those of the names that can be held at that level. Names of permissions that are no more count for nothing.</summary>
    public IReadOnlySet<string> HeldAt(AccessLevel level, IEnumerable<string> names) =>
        names.Where(name => Find(name)?.Level <= level).ToHashSet(StringComparer.Ordinal);
}

/// <summary>Reads them.</summary>
internal sealed class KnownPermissions(PermissionCatalog catalog)
{
    // Mostly there are no others, and every call of an administrator asks.
    private readonly PermissionSet declared = new(catalog.All);

    public bool IsDeclared(string name) => catalog.Find(name) is not null;

    public async Task<PermissionSet> ReadAsync(DbSession db) => Add(await PermissionRow.ListAsync(db));

    /// <summary>The same; the registered ones among the names stay until the transaction ends.</summary>
    public async Task<PermissionSet> HoldAsync(Transaction tx, IReadOnlyCollection<string> names)
    {
        if (names.Any(name => !IsDeclared(name)))
            await tx.ListAsync<string>(
                "select name from organizations.permissions where name = any(@names) order by name for share",
                new { names = names.ToArray() }
            );
        return await ReadAsync(tx);
    }

    // A declared one wins: a later version of the program may declare what was registered before.
    private PermissionSet Add(IReadOnlyList<PermissionRow> registered) =>
        registered.Count == 0
            ? declared
            : new([.. catalog.All, .. registered.Where(row => !IsDeclared(row.Name)).Select(row => row.ToPermission())]);
}

/// <summary>A registered permission as it is stored.</summary>
internal sealed class PermissionRow
{
    public const string Columns = "name, level, description, path, methods";

    public string Name { get; init; } = "";

    public short Level { get; init; }

    public string Description { get; init; } = "";

    public string? Path { get; init; }

    public string[] Methods { get; init; } = [];

    public static Task<IReadOnlyList<PermissionRow>> ListAsync(DbSession db) =>
        db.ListAsync<PermissionRow>($"select {Columns} from organizations.permissions");

    public Permission ToPermission() =>
        new()
        {
            Name = Name,
            Level = (AccessLevel)Level,
            Description = Description,
        };
}
