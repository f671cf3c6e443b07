using Gatehouse.Core.Actors;
using Gatehouse.Web.Admin;

namespace Gatehouse.Organizations.Structure;

/// <summary>Users on pages of organizations: their pages are another module's.</summary>
internal sealed class UserLinks(IEnumerable<IConsoleFinder> finders)
{
    public const string Users = "/admin/users";

    public static string PathOf(Guid id) => $"{Users}/{id}";

    /// <summary>At most <paramref name="limit"/> users by what may be typed of them, as far as the actor may see users.</summary>
    public async Task<IReadOnlyList<ConsoleHit>> FindAsync(string text, int limit, Actor actor, CancellationToken cancellationToken) =>
        finders.FirstOrDefault(f => f.Entry == Users) is { } finder && actor.RequiredAccess.AllowsSomewhere(finder.Permission.Name)
            ? await finder.FindAsync(text, limit, actor, cancellationToken)
            : [];
}
