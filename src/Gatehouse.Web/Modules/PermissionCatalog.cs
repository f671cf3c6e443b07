using Gatehouse.Contracts.Access;

namespace Gatehouse.Web.Modules;

/// <summary>The permissions that the areas of all modules declare, those of modules in other processes too.</summary>
public sealed class PermissionCatalog
{
    private readonly SortedDictionary<string, Permission> byName = new(StringComparer.Ordinal);

    public IReadOnlyCollection<Permission> All => byName.Values;

    public Permission? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>What the built-in administrator of a level holds.</summary>
    public IReadOnlySet<string> HeldAt(AccessLevel level) =>
        byName.Values.Where(p => p.Level <= level).Select(p => p.Name).ToHashSet(StringComparer.Ordinal);

    internal void Add(IEnumerable<Permission> permissions)
    {
        foreach (var permission in permissions)
            byName.Add(permission.Name, permission);
    }
}
