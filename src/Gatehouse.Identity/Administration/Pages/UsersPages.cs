using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Administration;

/// <summary>The console's list of users: narrowed by its address, in which the text that was searched for stands sealed.</summary>
internal static class UsersPages
{
    public const string Path = ConsolePaths.Users;

    public const string CsvPath = Path + ".csv";

    public static readonly ConsoleEntry Entry = new()
    {
        Path = Path,
        Text = "page.console.users",
        Group = ConsoleGroup.People,
        Permission = AdministrationArea.ReadUsers,
        Order = 1,
    };

    private static readonly IReadOnlyList<CsvColumn<UserSummary>> CsvColumns =
    [
        new("id", user => user.Id.ToString()),
        new("name", user => user.Name),
        new("username", user => user.Username),
        new("status", user => user.Status),
        new("email_verified", user => user.EmailVerified ? "yes" : "no"),
        new("created_at", user => CsvText.Time(user.CreatedAt)),
    ];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages.MapGet(Path, (Delegate)ShowAsync).RequirePermissionSomewhere(AdministrationArea.ReadUsers);
        pages.MapGet(CsvPath, Export).RequirePermissionSomewhere(AdministrationArea.ReadUsers);
    }

    private static async Task<IResult> ShowAsync(ListUsers.Handler users, HttpContext http)
    {
        var (actor, query) = (http.Actor(), http.Request.Query);
        var errors = new ValidationErrors();
        var text = SealedText.Open(http, query["find"]);
        var named = await http.HitsAsync(ConsolePaths.Organizations, query["organization"]);
        // A name that means one thing becomes its id, so that the address means it for ever.
        if (named is [{ IsExact: false } only])
            return http.SeeOther(
                Path + QueryString.Create(query.Select(p => Value(p.Key, p.Key == "organization" ? only.Id.ToString() : p.Value)))
            );
        var organization = named is [{ } one] ? one.Id : (Guid?)null;
        // What cannot be read narrows nothing, and the page says so.
        var filter = UserFilter.Parse(text, query["role"], organization, query["status"], errors);
        var page = users.Page(PageInput.Of(http), actor, errors) ?? users.Page(PageInput.First, actor, new ValidationErrors())!;
        var isBad = errors.Any || (organization is null && !string.IsNullOrEmpty(query["organization"]));
        return http.Page<UsersPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(UsersPage.Users)] = await users.HandleAsync(filter, page, actor, http.RequestAborted),
                [nameof(UsersPage.Typed)] = text,
                [nameof(UsersPage.IsBad)] = isBad,
                [nameof(UsersPage.Organizations)] = named,
            }
        );
    }

    private static IResult Export(ListUsers.Handler users, HttpContext http)
    {
        var (actor, query) = (http.Actor(), http.Request.Query);
        var errors = new ValidationErrors();
        var sort = PageInput.Of(http).Sort;
        users.Page(new PageInput { Sort = sort }, actor, errors);
        var text = SealedText.Open(http, query["find"]);
        var organization = Guid.TryParse(query["organization"], out var id) ? id : (Guid?)null;
        var filter = UserFilter.Parse(text, query["role"], organization, query["status"], errors);
        // What cannot be read narrows nothing, and the list says so: a file could not.
        if (
            errors.Any
            || (organization is null && !string.IsNullOrEmpty(query["organization"]))
            || (text is null && !string.IsNullOrEmpty(query["find"]))
        )
            return http.SeeOther(Path + http.Request.QueryString);
        return new CsvFile<UserSummary>
        {
            Name = "users",
            Columns = CsvColumns,
            Read = asked =>
                users.HandleAsync(
                    filter,
                    users.Page(asked with { Sort = sort }, actor, new ValidationErrors())!,
                    actor,
                    http.RequestAborted
                ),
            Filters = Facts(filter, isSearch: text is not null),
        };
    }

    // Texts are only said to narrow it.
    private static Dictionary<string, string> Facts(UserFilter filter, bool isSearch)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (filter.Status is { } status)
            facts["status"] = status;
        if (filter.Organization is { } organization)
            facts["organization"] = organization.ToString();
        if (filter.Role is not null)
            facts["byRole"] = "yes";
        if (isSearch)
            facts["byText"] = "yes";
        return facts;
    }

    /// <summary>What the text of the filter may mean: an id, or a part of a name or code.</summary>
    private static KeyValuePair<string, string?> Value(string name, string? value) => KeyValuePair.Create(name, value);
}
