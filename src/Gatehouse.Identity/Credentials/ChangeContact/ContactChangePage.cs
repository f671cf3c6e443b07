using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Credentials;

/// <summary>The forms that ask for a new address or number, and for the password where it was not proved lately; and the button that gives
/// a change up. The code is entered on the next page.</summary>
internal sealed class ContactChangePage(FreshAuthentication fresh, GetMe.Handler me)
{
    private const string PasswordField = "password";

    private static readonly string[] PhoneFields = ["phoneNumber", RegionField.Name];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        MapForm(
            pages,
            EmailChangePages.Path,
            ["email"],
            async (http, form) =>
            {
                var (handler, next) = (Get<ChangeEmail.Handler>(http), Get<EmailChangePages>(http));
                var request = new ChangeEmail.Request { Email = form["email"].ToString() };
                var begun = await handler.BeginAsync(Input.Of(request), http.Actor(), http.RequestAborted);
                return begun.Error is { } error ? error : new Begun(next, begun.Value.VerificationId, request.Email);
            }
        );
        MapForm(
            pages,
            PhoneChangePages.Path,
            PhoneFields,
            async (http, form) =>
            {
                var (handler, next) = (Get<ChangePhone.Handler>(http), Get<PhoneChangePages>(http));
                var region = form[RegionField.Name].ToString();
                var request = new ChangePhone.Request
                {
                    PhoneNumber = form["phoneNumber"].ToString(),
                    Region = region.Length > 0 ? region : null,
                };
                var begun = await handler.BeginAsync(Input.Of(request), http.Actor(), http.RequestAborted);
                return begun.Error is { } error
                    ? error
                    : new Begun(next, begun.Value.VerificationId, IdentifierInput.Whole(request.PhoneNumber, request.Region));
            }
        );
        pages
            .MapPost(
                EmailChangePages.Path + "/cancel",
                (ChangeEmail.Handler handler, HttpContext http) => CancelAsync(handler.CancelAsync, http)
            )
            .RequireSignIn()
            .FormOf(AccountPages.SecurityPath);
        pages
            .MapPost(
                PhoneChangePages.Path + "/cancel",
                (ChangePhone.Handler handler, HttpContext http) => CancelAsync(handler.CancelAsync, http)
            )
            .RequireSignIn()
            .FormOf(AccountPages.SecurityPath);
    }

    private static void MapForm(
        RouteGroupBuilder pages,
        string path,
        string[] fields,
        Func<HttpContext, IFormCollection, Task<Outcome<Begun>>> begin
    )
    {
        pages
            .MapGet(
                path,
                (ContactChangePage page, HttpContext http) =>
                    page.ShowAsync(http, path, http.TakeDraft(path, fields.Length) ?? [], error: null)
            )
            .RequireSignIn();
        pages
            .MapPost(path, (ContactChangePage page, HttpContext http) => page.SubmitAsync(http, path, fields, begin))
            .RequireSignIn()
            .LimitBy(CredentialsArea.ChangeLimit)
            .FormOf(path, fields)
            .Once();
    }

    private async Task<IResult> SubmitAsync(
        HttpContext http,
        string path,
        string[] fields,
        Func<HttpContext, IFormCollection, Task<Outcome<Begun>>> begin
    )
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var rejection = await fresh.AskAsync(http.Actor(), form, PasswordField, http.RequestAborted);
        var outcome = rejection ?? await begin(http, form);
        return outcome.Error is { } error
            ? await ShowAsync(http, path, [.. fields.Select(field => form[field].ToString())], error)
            : outcome.Value.Next.Begin(http, outcome.Value.Id, outcome.Value.Typed);
    }

    private async Task<IResult> ShowAsync(HttpContext http, string path, IReadOnlyList<string> typed, Error? error)
    {
        if (await fresh.LeadAwayAsync(http, path) is { } away)
            return away;
        var user = await me.HandleAsync(http.Actor(), http.RequestAborted);
        return user.Error is { } failure
            ? AccountPages.Failed(failure, http)
            : http.Page<ContactChangeForm>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(ContactChangeForm.User)] = user.Value,
                    [nameof(ContactChangeForm.Path)] = path,
                    [nameof(ContactChangeForm.Typed)] = typed,
                    [nameof(ContactChangeForm.IsFresh)] = await fresh.IsFreshAsync(http.Actor(), http.RequestAborted),
                    [nameof(ContactChangeForm.Error)] = error,
                },
                error
            );
    }

    private static async Task<IResult> CancelAsync(Func<Actor, CancellationToken, Task<Outcome<Guid>>> cancel, HttpContext http)
    {
        // One that was confirmed or given up meanwhile does not wait any more either.
        await cancel(http.Actor(), http.RequestAborted);
        return http.SeeOther($"{AccountPages.SecurityPath}?done={AccountState.Canceled}");
    }

    private static T Get<T>(HttpContext http)
        where T : notnull => http.RequestServices.GetRequiredService<T>();

    /// <param name="Next">The pages of its code.</param>
    /// <param name="Typed">The new address or number, as its page shows it masked.</param>
    private sealed record Begun(VerificationPages Next, Guid Id, string? Typed)
    {
        public override string ToString() => $"[change {Id}]";
    }
}
