using Gatehouse.Core.Results;
using Gatehouse.Identity.Authenticators;
using Gatehouse.Identity.Factors;
using Gatehouse.Identity.SignIn;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Passkeys;

/// <summary>Adding, renaming and removing passkeys. Whoever signed in a while ago types the password first.</summary>
internal static class PasskeyPages
{
    /// <summary>The page on which passkeys are listed.</summary>
    public const string SecurityPath = LocalPath.Security;

    public const string AddPath = Path + "/add";

    /// <summary>What a form is sent for.</summary>
    public const string Confirm = "confirm";
    public const string Rename = "rename";
    public const string Remove = "remove";

    private const string Path = SecurityPath + "/passkeys";

    private const string Added = "passkey-added";
    private const string Renamed = "passkey-renamed";
    private const string Removed = "passkey-removed";

    /// <summary>What the page of security says was just done.</summary>
    public static IReadOnlyList<string> Done { get; } = [Added, Renamed, Removed];

    public static string PathOf(Guid id) => $"{Path}/{id}";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        Delegate add = (HttpContext http) => ShowAddAsync(http, name: null, error: null);
        pages.MapGet(AddPath, add).RequireSignIn().AllowBeforeEnrollment();
        pages.MapPost(AddPath, AddAsync).RequireSignIn().AllowBeforeEnrollment().LimitBy(SignInArea.SignInLimit).FormOf(AddPath).Once();
        pages.MapGet(Path + "/{id:guid}", (Guid id, HttpContext http) => ShowAsync(id, http, error: null)).RequireSignIn();
        pages.MapPost(Path + "/{id:guid}", ChangeAsync).RequireSignIn().LimitBy(SignInArea.SignInLimit).FormOfItself().Once();
    }

    private static async Task<IResult> AddAsync(AddPasskey.Handler handler, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (form["act"] == Confirm)
        {
            var rejection = await Fresh(http).ProveAsync(http.Actor(), form["password"], http.RequestAborted);
            return rejection is null ? http.SeeOther(AddPath) : await ShowAddAsync(http, name: null, rejection);
        }

        var request = new AddPasskey.Request
        {
            CeremonyId = form["ceremonyId"],
            Name = form["name"],
            Credential = PasskeyCredential.Read(form["credential"]),
        };
        var outcome = await handler.HandleAsync(Input.Of(request), http.Actor(), http.RequestAborted);
        if (outcome.Error is { } error)
            return await ShowAddAsync(http, form["name"], AboutName(error));
        if (outcome.Value.RecoveryCodes is [])
            return DoneWith(http, Added);
        FactorPages.KeepCodes(http, outcome.Value.RecoveryCodes);
        return http.SeeOther(FactorPages.CodesPath);
    }

    private static async Task<IResult> ChangeAsync(Guid id, RenamePasskey.Handler rename, RemovePasskey.Handler remove, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (form["act"] == Remove)
            return await RemoveAsync(id, form["password"], remove, http);
        var request = new RenamePasskey.Request { Name = form["name"] };
        var renamed = await rename.HandleAsync(id, Input.Of(request), http.Actor(), http.RequestAborted);
        return renamed.Error is { } error ? await ShowAsync(id, http, error) : DoneWith(http, Renamed);
    }

    private static async Task<IResult> RemoveAsync(Guid id, string? password, RemovePasskey.Handler remove, HttpContext http)
    {
        var (fresh, actor) = (Fresh(http), http.Actor());
        if (await fresh.LeadAwayAsync(http, PathOf(id)) is { } away)
            return away;
        var isFresh = await fresh.IsFreshAsync(actor, http.RequestAborted);
        var error = isFresh ? null : await fresh.ProveAsync(actor, password, http.RequestAborted);
        error ??= (await remove.HandleAsync(id, actor, http.RequestAborted)).Error;
        return error is null ? DoneWith(http, Removed) : await ShowAsync(id, http, error, isRemoval: true);
    }

    private static async Task<IResult> ShowAddAsync(HttpContext http, string? name, Error? error) =>
        await Fresh(http).LeadAwayAsync(http, AddPath)
        ?? http.Page<AddPasskeyPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(AddPasskeyPage.AsksPassword)] = !await Fresh(http).IsFreshAsync(http.Actor(), http.RequestAborted),
                [nameof(AddPasskeyPage.Name)] = name ?? DeviceOf(http),
                [nameof(AddPasskeyPage.Error)] = error,
            },
            error
        );

    private static async Task<IResult> ShowAsync(Guid id, HttpContext http, Error? error, bool isRemoval = false)
    {
        var passkeys = http.RequestServices.GetRequiredService<ListPasskeys.Handler>();
        if (await passkeys.FindAsync(id, http.Actor(), http.RequestAborted) is not { } passkey)
            return PasskeysErrors.NotFound.ToProblem();
        return http.Page<PasskeyPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(PasskeyPage.Passkey)] = passkey,
                [nameof(PasskeyPage.AsksPassword)] =
                    !await Fresh(http).IsFreshAsync(http.Actor(), http.RequestAborted)
                    && !await Fresh(http).AsksOtherAsync(http.Actor(), http.RequestAborted),
                [nameof(PasskeyPage.IsRemoval)] = isRemoval,
                [nameof(PasskeyPage.Error)] = error,
            },
            error
        );
    }

    // Without a script there is no answer of an authenticator: that is no fault of a field.
    private static Error AboutName(Error error) => error.Errors.Any(one => one.Field != "name") ? PasskeysErrors.NotAdded : error;

    private static string DeviceOf(HttpContext http) =>
        ClientDevice.Describe(http.Actor().Device, http.Language(), http.RequestServices.GetRequiredService<MessageCatalog>());

    private static IResult DoneWith(HttpContext http, string done) => http.SeeOther(SecurityPath + "?done=" + done);

    private static FreshAuthentication Fresh(HttpContext http) => http.RequestServices.GetRequiredService<FreshAuthentication>();
}
