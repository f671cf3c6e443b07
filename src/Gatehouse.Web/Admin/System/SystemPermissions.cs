using Gatehouse.Contracts.Access;

namespace Gatehouse.Web.Admin;

/// <summary>Permissions on the installation itself, which belongs to no module and to no tenant.</summary>
internal static class SystemPermissions
{
    public static readonly Permission Read = new()
    {
        Name = "system:read",
        Level = AccessLevel.Platform,
        Description = "See the state of the installation: health, events, and what was given up.",
    };

    public static readonly Permission Write = new()
    {
        Name = "system:write",
        Level = AccessLevel.Platform,
        Description = "Let deliveries and jobs that were given up be tried again, or skip them.",
    };

    public static IReadOnlyList<Permission> All { get; } = [Read, Write];
}
