using Gatehouse.Core.Results;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Tokens;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Administration;

/// <summary>The form behind the link from the log. Without a good link there is no such page.</summary>
internal static class FirstAdministratorPage
{
    public const string Path = "/first-administrator";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages().InFirstTenant();
        pages
            .MapGet(
                Path,
                async Task<IResult> (string? token, CreateFirstAdministrator.Handler handler, HttpContext http) =>
                    await handler.OpenAsync(token, http.RequestAborted) is null
                        ? RequestErrors.NotFound.ToProblem()
                        : Show(http, new FirstAdministratorState { Token = token! }, error: null)
            )
            .AllowAnonymous();
        pages.MapPost(Path, SubmitAsync).AllowAnonymous().LimitBy(SignInArea.SignInLimit);
    }

    private static async Task<IResult> SubmitAsync(CreateFirstAdministrator.Handler handler, TokenTransport transport, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var request = new CreateFirstAdministrator.Request
        {
            Token = form["token"],
            Email = form["email"],
            Name = form["name"],
            Password = form["password"],
        };
        var outcome = await handler.HandleAsync(request, http.Actor(), http.RequestAborted);
        if (outcome.Error is { Kind: ErrorKind.NotFound } gone)
            return gone.ToProblem();
        if (outcome.Error is { } error)
            return Show(
                http,
                new FirstAdministratorState
                {
                    Token = request.Token!,
                    Email = request.Email,
                    Name = request.Name,
                },
                error
            );
        transport.SignIn(http, outcome.Value, remember: false);
        return http.SeeOther(LocalPath.Account);
    }

    private static RazorComponentResult Show(HttpContext http, FirstAdministratorState state, Error? error) =>
        http.Page<FirstAdministratorForm>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(FirstAdministratorForm.Typed)] = state,
                [nameof(FirstAdministratorForm.Error)] = error.AtField("email", AccountsErrors.EmailTaken),
            },
            error
        );
}

/// <summary>What the page shows; the password is never shown again.</summary>
public sealed record FirstAdministratorState
{
    public required string Token { get; init; }

    public string? Email { get; init; }

    public string? Name { get; init; }

    /// <summary>The page itself, for who chooses another language.</summary>
    public string Address => $"{FirstAdministratorPage.Path}?token={Token}";

    public override string ToString() => "[first administrator]";
}
