using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Web.Admin;

namespace Gatehouse.Identity.Administration;

/// <summary>Finds who disabled a user: another user, or a service account where there are some.</summary>
internal sealed class Disabler(IUserDirectory users, IServiceAccountNames? accounts = null)
{
    /// <summary>Null for nobody, and for one that is gone or of another tenant.</summary>
    public async Task<ConsoleHit?> FindAsync(Guid? by, Actor actor, CancellationToken cancellationToken)
    {
        if (by is not { } id)
            return null;
        if ((await users.NamesAsync(actor.Tenant.Id, [id], cancellationToken)).GetValueOrDefault(id) is { } user)
            return Hit(id, ConsolePaths.User(id), user.Name, user.Username);
        return
            accounts is not null && (await accounts.NamesAsync(actor.Tenant.Id, [id], cancellationToken)).GetValueOrDefault(id) is { } name
            ? Hit(id, ConsolePaths.Client(id), name, detail: null)
            : null;
    }

    private static ConsoleHit Hit(Guid id, string path, string name, string? detail) =>
        new()
        {
            Id = id,
            Path = path,
            Name = name,
            Detail = detail,
        };
}
