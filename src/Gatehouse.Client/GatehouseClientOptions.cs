using Microsoft.Extensions.Options;

namespace Gatehouse.Client;

/// <summary>How a relying service reaches Gatehouse, and what it does while Gatehouse is away. Wrong values are rejected at
/// start.</summary>
public sealed class GatehouseClientOptions
{
    /// <summary>The public URL of Gatehouse, which is the issuer of its tokens: <c>https://id.example.com</c>. Required.</summary>
    public string Authority { get; set; } = "";

    /// <summary>Where its HTTP port is reached from here, if not by the public URL; the default is <see cref="Authority"/>.</summary>
    public string Address { get; set; } = "";

    /// <summary>Where its gRPC port is reached: <c>https://id.example.com:8443</c>. Required.</summary>
    public string Rpc { get; set; } = "";

    /// <summary>Client id of the service account that this service calls Gatehouse with. Required.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>A secret of that service account. Required.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>The audience that tokens must be for; the default is <see cref="Authority"/>, as on the server.</summary>
    public string Audience { get; set; } = "";

    /// <summary>How much clocks may differ, from none to a minute; default 30 seconds.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// For how long tokens are accepted although nobody can say whether they were revoked, because the stream of revocations is silent and
    /// Gatehouse cannot be asked: from none to ten minutes. Default none: requests with such tokens are answered 503.
    /// </summary>
    public TimeSpan AcceptUnchecked { get; set; } = TimeSpan.Zero;

    /// <summary>
    /// Whether tokens are accepted that an application (a client of OpenID Connect) was issued for a user. They have the claims
    /// <c>client_id</c> and <c>scope</c>; what the user granted is for the service to check, and permission policies narrow by it. Default
    /// false.
    /// </summary>
    public bool AcceptApplications { get; set; }

    /// <summary>
    /// Whether tokens are accepted that clients were issued at a tenant's own domain, which is an issuer of its own: of service accounts,
    /// and, with <see cref="AcceptApplications"/>, of applications. They are signed by the same keys and say in <c>tid</c> whose they are.
    /// Default false.
    /// </summary>
    public bool AcceptTenantDomains { get; set; }

    /// <summary>For how long users are kept by <see cref="IGatehouseUsers"/>, from none to a minute; default 5 seconds.</summary>
    public TimeSpan UserMemory { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether secrets and tokens may travel readable (<c>http</c>) to other machines than this one; default false. Only for a
    /// network that is trusted.</summary>
    public bool AllowCleartext { get; set; }

    internal string Issuer => Authority.TrimEnd('/');

    internal string ExpectedAudience => Audience.Length > 0 ? Audience : Issuer;

    internal Uri HttpBase => new((Address.Length > 0 ? Address : Authority).TrimEnd('/') + "/");
}

/// <summary>Tells all that is wrong at once.</summary>
internal sealed class GatehouseClientOptionsCheck : IValidateOptions<GatehouseClientOptions>
{
    public ValidateOptionsResult Validate(string? name, GatehouseClientOptions options)
    {
        string?[] wrong =
        [
            CheckUrl(nameof(options.Authority), options.Authority, options.AllowCleartext),
            options.Address.Length == 0 ? null : CheckUrl(nameof(options.Address), options.Address, options.AllowCleartext),
            CheckUrl(nameof(options.Rpc), options.Rpc, options.AllowCleartext),
            CheckText(nameof(options.ClientId), options.ClientId),
            CheckText(nameof(options.ClientSecret), options.ClientSecret),
            CheckTime(nameof(options.ClockSkew), options.ClockSkew, TimeSpan.FromMinutes(1)),
            CheckTime(nameof(options.AcceptUnchecked), options.AcceptUnchecked, TimeSpan.FromMinutes(10)),
            CheckTime(nameof(options.UserMemory), options.UserMemory, TimeSpan.FromMinutes(1)),
        ];
        string[] found = [.. wrong.OfType<string>()];
        return found.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
    }

    private static string? CheckUrl(string name, string value, bool allowCleartext)
    {
        if (!Uri.TryCreate(value, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp))
            return $"Gatehouse: {name} must be a URL that begins with https://.";
        if (url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback && !allowCleartext)
            return $"Gatehouse: {name} must begin with https://, or set AllowCleartext for a trusted network.";
        return url.Query.Length > 0 || url.Fragment.Length > 0 || url.UserInfo.Length > 0
            ? $"Gatehouse: {name} must have no query, fragment or user name."
            : null;
    }

    private static string? CheckText(string name, string value) => value.Length == 0 ? $"Gatehouse: {name} must be set." : null;

    private static string? CheckTime(string name, TimeSpan value, TimeSpan most) =>
        value < TimeSpan.Zero || value > most ? $"Gatehouse: {name} must be from 00:00:00 to {most}." : null;
}
