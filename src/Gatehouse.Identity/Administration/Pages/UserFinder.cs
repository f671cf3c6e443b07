using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Web.Admin;

namespace Gatehouse.Identity.Administration;

/// <summary>
/// Finds users for the console's box: by id and by whole address or phone number exactly, by names otherwise. An address that nobody has
/// may be that of a registration which waits for its verification.
/// </summary>
internal sealed class UserFinder(ListUsers.Handler users, ManagedUsers managed, SignUps signUps, MessageCatalog texts) : IConsoleFinder
{
    public string Entry => UsersPages.Path;

    public Permission Permission => AdministrationArea.ReadUsers;

    public async Task<IReadOnlyList<ConsoleHit>> FindAsync(string text, int limit, Actor actor, CancellationToken cancellationToken)
    {
        if (Guid.TryParse(text, out var id))
            return (await managed.FindAsync(id, actor, cancellationToken)) is { Error: null, Value: var one }
                ? [Hit(one.Id, one.Name, one.Username, isExact: true)]
                : [];
        var errors = new ValidationErrors();
        var filter = UserFilter.Parse(text, role: null, organization: null, status: null, errors);
        if (errors.Any)
            return [];
        var page = PageQuery.Parse(limit.ToString(System.Globalization.CultureInfo.InvariantCulture), after: null, errors)!;
        var found = await users.HandleAsync(filter, page, actor, cancellationToken);
        if (found.Items.Count == 0 && filter.Contact is { } contact && SignUps.MayRead(actor))
            return await signUps.FindAsync(contact, actor, cancellationToken) is { } signUp
                ?
                [
                    new()
                    {
                        Id = signUp,
                        Path = SignUpPages.PathOf(signUp),
                        Name = contact.Masked,
                        Detail = texts.Text("page.console.sign-up", actor.Language),
                        IsExact = true,
                    },
                ]
                : [];
        return [.. found.Items.Select(user => Hit(user.Id, user.Name, user.Username, filter.Contact is not null))];
    }

    private static ConsoleHit Hit(Guid id, string name, string? username, bool isExact) =>
        new()
        {
            Id = id,
            Path = UserPages.PathOf(id),
            Name = name,
            Detail = username,
            IsExact = isExact,
        };
}
