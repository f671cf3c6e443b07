using Gatehouse.Core.Results;
using Gatehouse.OpenId.Data;
using Gatehouse.Web.Pages;

namespace Gatehouse.OpenId.Clients;

/// <summary>The part of a client's form about signing users in, as it was typed.</summary>
public sealed record SignInForm
{
    public const string SignsInField = "signsIn";
    public const string PublicField = "public";
    public const string RedirectField = "redirectUris";
    public const string LogoutField = "postLogoutRedirectUris";
    public const string BackchannelField = "backchannelLogoutUri";
    public const string ScopesField = "userScopes";
    public const string ConsentField = "requireConsent";
    public const string DeviceField = "deviceCode";

    /// <summary>In the order of <see cref="Of(IReadOnlyList{string})"/>.</summary>
    public static readonly IReadOnlyList<string> Fields =
    [
        SignsInField,
        PublicField,
        RedirectField,
        LogoutField,
        BackchannelField,
        ScopesField,
        ConsentField,
        DeviceField,
    ];

    public bool SignsIn { get; init; }

    public bool Public { get; init; }

    /// <summary>One a line.</summary>
    public string Redirects { get; init; } = "";

    /// <summary>One a line.</summary>
    public string Logouts { get; init; } = "";

    public string Backchannel { get; init; } = "";

    public IReadOnlyList<string> Scopes { get; init; } = SignInScopes.Default;

    public bool Consent { get; init; } = true;

    public bool Device { get; init; }

    internal static SignInForm Of(IReadOnlyList<string> fields) =>
        new()
        {
            SignsIn = fields[0].Length > 0,
            Public = fields[1].Length > 0,
            Redirects = fields[2],
            Logouts = fields[3],
            Backchannel = fields[4],
            Scopes = fields[5].Split(',', StringSplitOptions.RemoveEmptyEntries),
            Consent = fields[6].Length > 0,
            Device = fields[7].Length > 0,
        };

    internal static SignInForm Of(SignInSettings? settings) =>
        settings is null
            ? new SignInForm()
            : new SignInForm
            {
                SignsIn = true,
                Public = settings.Public,
                Redirects = string.Join('\n', settings.RedirectUris),
                Logouts = string.Join('\n', settings.PostLogoutRedirectUris),
                Backchannel = settings.BackchannelLogoutUri ?? "",
                Scopes = settings.Scopes,
                Consent = settings.RequireConsent,
                Device = settings.DeviceCode,
            };

    /// <summary>What is asked for; null for what signs nobody in.</summary>
    /// <param name="stored">What the form does not show stays as it is.</param>
    internal SignInInput? Input(SignInSettings? stored) =>
        !SignsIn
            ? null
            : new SignInInput
            {
                Public = stored?.Public ?? Public,
                RedirectUris = Lines(Redirects),
                PostLogoutRedirectUris = Lines(Logouts),
                BackchannelLogoutUri = Backchannel.Trim(),
                Scopes = [SignInScopes.OpenId, .. Scopes.Where(scope => scope != SignInScopes.OpenId)],
                RequireConsent = Consent,
                RequirePkce = stored?.RequirePkce,
                RequirePushedRequests = stored?.RequirePushedRequests,
                IdTokenAlgorithm = stored?.IdTokenAlgorithm,
                UserClaimsInIdToken = stored?.UserClaimsInIdToken,
                DeviceCode = Device,
            };

    /// <summary>The rejection beside the fields of the form.</summary>
    internal static Error? AtFields(Error? error) =>
        error.Renamed(
            (SignInInput.Field + ".redirectUris", RedirectField),
            (SignInInput.Field + ".postLogoutRedirectUris", LogoutField),
            (SignInInput.Field + ".backchannelLogoutUri", BackchannelField),
            (SignInInput.Field + ".public", PublicField)
        );

    internal static string[] Lines(string text) => text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
