using System.Buffers.Binary;
using System.Security.Cryptography;
using Gatehouse.Contracts.Access;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.OpenId.Data;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Gatehouse.OpenId.SignIn;

/// <summary>What a user is asked who typed the code of a device.</summary>
public sealed record DeviceQuestion(string Application)
{
    public required string Code { get; init; }

    /// <summary>Who is signed in, and what would be granted: an answer is to this question and to no other one.</summary>
    public required string Subject { get; init; }

    public required string User { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }
}

/// <summary>
/// Where a user types the code that a device shows, and allows the application on it. The application is always named and asked about, also
/// where the code came with the link, and where no consent is needed otherwise: whoever sends such a link has the device (RFC 8628, 5.4).
/// </summary>
internal sealed class DevicePages(
    Database database,
    Issuers issuers,
    IApplicationSessions sessions,
    IUserDirectory users,
    IRateLimitStore limits,
    ITermsOfService terms,
    SignInLimits options,
    TimeProvider clock
)
{
    public const string CodeField = Parameters.UserCode;
    public const string SubjectField = "subject";
    public const string ActField = "act";
    public const string Allow = "allow";
    public const string Deny = "deny";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapPages();
        group.MapGet(BrowserPaths.Device, (HttpContext http) => Show(http, error: null)).RequireSignIn();
        group
            .MapPost(BrowserPaths.Device, (DevicePages pages, HttpContext http) => pages.AnswerAsync(http))
            .RequireSignIn()
            .LimitBy(SignInArea.DeviceLimit)
            .FormOf(BrowserPaths.Device);
    }

    private static RazorComponentResult Show(HttpContext http, Error? error)
    {
        var typed = (HttpMethods.IsPost(http.Request.Method) ? http.Request.Form[CodeField] : http.Request.Query[CodeField]).ToString();
        return http.Page<DevicePage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(DevicePage.Typed)] = typed.Length <= 40 ? typed : "",
                [nameof(DevicePage.Error)] = error,
            },
            error
        );
    }

    private async Task<IResult> AnswerAsync(HttpContext http)
    {
        var (tenant, user) = (http.Actor().Tenant.Id, http.Actor().RequiredUser);
        // Each user has few attempts, whatever the address.
        var taken = await limits.TakeAsync(
            new RateLimitKey(SignInArea.DeviceLimit, KeyOf(user.Id)),
            options.DeviceCodes,
            http.RequestAborted
        );
        var code = taken.Allowed ? DeviceCode.Parse(http.Request.Form[CodeField]) : null;
        var now = clock.GetUtcNow();
        var domain = (await issuers.OfAsync(http)).Domain;
        var found = code is null
            ? null
            : await database.QueryAsync(
                async db =>
                    await DeviceCode.FindByUserCodeAsync(db, tenant, code, now) is { } waiting
                    && waiting.Domain == domain
                    && await ClientRow.FindAsync(db, tenant, waiting.Client) is { DisabledAt: null, SignIn.DeviceCode: true } client
                        ? new Found(waiting, client)
                        : null,
                http.RequestAborted
            );
        if (found is null)
            return Show(http, taken.Allowed ? SignInErrors.DeviceCodeUnknown : RequestErrors.RateLimited.After(taken.Reset));
        var form = http.Request.Form;
        var act = form[ActField].ToString();
        if (act == Deny)
            return await DenyAsync(http, found, now);
        if (await terms.AreDueAsync(http.Actor(), http.RequestAborted))
            return http.SeeOther(ITermsOfService.Before(BrowserPaths.Device + QueryString.Create(CodeField, found.Code.Shown)));
        var subject = $"{user.Id} {found.Client.Id} {string.Join(' ', found.Code.Scopes)}";
        if (act == Allow && form[SubjectField] == subject)
            return await AllowAsync(http, found, now);
        var names = await users.NamesAsync(tenant, [user.Id], http.RequestAborted);
        var question = new DeviceQuestion(found.Client.Name)
        {
            Code = found.Code.Shown,
            Subject = subject,
            User = names.TryGetValue(user.Id, out var name) ? name.Name : "",
            Scopes = [.. found.Code.Scopes.Where(scope => scope != SignInScopes.OpenId)],
        };
        return http.Page<DevicePage>(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(DevicePage.Question)] = question });
    }

    private async Task<IResult> AllowAsync(HttpContext http, Found found, DateTimeOffset now)
    {
        var (tenant, user) = (http.Actor().Tenant.Id, http.Actor().RequiredUser);
        if (await sessions.FindAsync(tenant, user, http.RequestAborted) is not { } browser)
            return http.RedirectToSignIn();
        var grant = new UserGrant
        {
            TenantId = tenant,
            Id = Guid.CreateVersion7(now),
            Client = found.Client.Id,
            UserId = user.Id,
            BrowserSession = user.SessionId,
            Domain = found.Code.Domain,
            Scopes = found.Code.Scopes,
            CodeExpiresAt = found.Code.ExpiresAt,
            AuthenticatedAt = browser.AuthenticatedAt,
        };
        var isFirst = await database.InTransactionAsync(
            "openid.device",
            async tx =>
            {
                if (!await found.Code.AnswerAsync(tx, grant.Id, now))
                    return false;
                // Its own code leaves with nobody: the device has one already.
                await UserGrant.InsertAsync(tx, grant, now);
                await Consents.AddAsync(tx, (tenant, user.Id, found.Client.Id), grant.Scopes, now);
                var record = AuditRecord.Of(http.Actor(), "client.consented") with { Subject = user.Id };
                tx.Record(record.WithFact("clientId", found.Client.ClientId).WithFact("scopes", string.Join(' ', grant.Scopes)));
                return true;
            },
            CancellationToken.None
        );
        return isFirst ? Done(http, allowed: true) : Show(http, SignInErrors.DeviceCodeUnknown);
    }

    private async Task<IResult> DenyAsync(HttpContext http, Found found, DateTimeOffset now) =>
        await database.QueryAsync(db => found.Code.AnswerAsync(db, grant: null, now), CancellationToken.None)
            ? Done(http, allowed: false)
            : Show(http, SignInErrors.DeviceCodeUnknown);

    private static RazorComponentResult Done(HttpContext http, bool allowed) =>
        http.Page<DevicePage>(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(DevicePage.Allowed)] = allowed });

    private static UInt128 KeyOf(Guid user) =>
        BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData([.. "device"u8, .. user.ToByteArray()]));

    private sealed record Found(DeviceCode Code, ClientRow Client);
}
