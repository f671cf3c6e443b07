using Gatehouse.Core.Results;
using Gatehouse.Organizations.Access;
using Gatehouse.Organizations.Data;

namespace Gatehouse.Server.Seeding;

/// <summary>Plans permissions of other services. One that is registered otherwise is rejected: roles may depend on what it is.</summary>
internal static class PermissionSeeds
{
    /// <returns>All there are with the new ones.</returns>
    public static IReadOnlyList<PermissionRow> Plan(SeedPlan plan, SeedFile file, IReadOnlyList<PermissionRow> stored)
    {
        var all = stored.ToList();
        foreach (var (path, wanted) in plan.Distinct("permissions", file.Permissions, permission => permission.Name))
        {
            if (plan.Parse(path, errors => RegisterPermission.Parse(wanted, errors)) is not { } row)
                continue;
            if (stored.FirstOrDefault(other => other.Name == row.Name) is { } known)
            {
                if (!Same(known, row))
                    plan.Reject(path, $"The permission {row.Name} is registered otherwise. Delete it first, or change the file.");
            }
            else if (all.Exists(other => Clash(other, row)))
                plan.Reject(path, PermissionErrors.PathTaken);
            else
            {
                all.Add(row);
                plan.Add(
                    path,
                    $"+ permission {row.Name}",
                    async (run, stop) =>
                        (
                            await run.Get<RegisterPermission.Handler>().HandleAsync(Input.Of(wanted), await run.OperatorAsync(stop), stop)
                        ).Error
                );
            }
        }

        return all;
    }

    private static bool Same(PermissionRow one, PermissionRow other) =>
        one.Level == other.Level
        && one.Description == other.Description
        && one.Path == other.Path
        && one.Methods.SequenceEqual(other.Methods, StringComparer.Ordinal);

    private static bool Clash(PermissionRow one, PermissionRow other) =>
        one.Path is not null
        && one.Path == other.Path
        && (one.Methods.Length == 0 || other.Methods.Length == 0 || one.Methods.Intersect(other.Methods, StringComparer.Ordinal).Any());
}
