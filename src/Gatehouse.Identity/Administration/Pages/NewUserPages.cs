using Gatehouse.Core.Results;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Administration;

/// <summary>The form that makes a user. Passwords are not typed here: the user chooses one by what is sent.</summary>
internal static class NewUserPages
{
    public const string Path = UsersPages.Path + "/new";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(
                Path,
                (HttpContext http) => Show(http, NewUserForm.Of(http.TakeDraft(Path, NewUserForm.Fields.Count), http), error: null)
            )
            .RequirePermission(AdministrationArea.WriteUsers);
        pages.MapPost(Path, CreateAsync).RequirePermission(AdministrationArea.WriteUsers).FormOfItself(NewUserForm.Fields).Once();
    }

    private static async Task<IResult> CreateAsync(CreateUser.Handler handler, MessageCatalog texts, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var typed = NewUserForm.Of([.. NewUserForm.Fields.Select(field => form[field].ToString())], http);
        var request = new CreateUser.Request
        {
            Email = typed.Email,
            PhoneNumber = typed.PhoneNumber,
            Region = typed.Region is { Length: > 0 } region ? region : null,
            Name = typed.Name,
            Username = typed.Username,
            PreferredLanguage = typed.PreferredLanguage,
            SendEmail = typed.SendEmail,
        };
        var outcome = await handler.HandleAsync(Input.Of(request), http.Actor(), http.RequestAborted);
        return outcome.Match(
            user =>
                http.Tell(
                    texts.Text(
                        typed.SendEmail ? "page.console.users.created-mail" : "page.console.users.created-no-mail",
                        http.Language(),
                        TextInput.Limits(("name", user.Name))
                    ),
                    UserPages.PathOf(user.Id)
                ),
            error => Show(http, typed, error)
        );
    }

    private static RazorComponentResult Show(HttpContext http, NewUserForm typed, Error? error) =>
        http.Page<NewUserPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(NewUserPage.Form)] = typed,
                [nameof(NewUserPage.Error)] = error
                    .AtField("username", AccountsErrors.UsernameTaken)
                    .AtField("email", AccountsErrors.EmailTaken)
                    .AtField("phoneNumber", AccountsErrors.PhoneNumberTaken),
            },
            error
        );
}

/// <summary>What was typed.</summary>
public sealed record NewUserForm
{
    public static readonly IReadOnlyList<string> Fields =
    [
        "name",
        "email",
        "username",
        "preferredLanguage",
        "sendEmail",
        "phoneNumber",
        RegionField.Name,
    ];

    public string? Name { get; private init; }

    public string? Email { get; private init; }

    public string? PhoneNumber { get; private init; }

    public string? Region { get; private init; }

    public string? Username { get; private init; }

    public required string PreferredLanguage { get; init; }

    public required bool SendEmail { get; init; }

    internal static NewUserForm Of(IReadOnlyList<string>? fields, HttpContext http) =>
        new()
        {
            Name = fields?[0],
            Email = fields?[1],
            Username = fields?[2],
            PreferredLanguage = fields?[3] ?? http.Language(),
            SendEmail = fields is null || fields[4].Length > 0,
            PhoneNumber = fields?[5],
            Region = fields?[6],
        };

    public override string ToString() => "[user]";
}
