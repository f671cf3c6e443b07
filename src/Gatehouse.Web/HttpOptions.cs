using System.ComponentModel.DataAnnotations;
using System.Net;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Web;

/// <summary>Where the server listens and how users reach it.</summary>
public sealed class HttpOptions : ICheckSettings
{
    /// <summary>
    /// IP address to listen on, default <c>127.0.0.1</c>. Containers need <c>0.0.0.0</c>. Development mode accepts loopback addresses
    /// only.
    /// </summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Port to listen on: 0 to 65535, default 8080. 0 selects any free port.</summary>
    [Range(0, 65535)]
    public int Port { get; set; } = 8080;

    /// <summary>
    /// Public base URL, such as <c>https://accounts.example.com</c>. Links in mails use it, never the host of a request; if the tenant has
    /// a verified domain for links, with that in place of the host. Scheme, host and port only; a path is not supported. Required outside
    /// development mode, where it must be https.
    /// </summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>IP address of the management listener (health details, metrics), default <c>127.0.0.1</c>.</summary>
    public string ManagementAddress { get; set; } = "127.0.0.1";

    /// <summary>Port of the management listener: 0 to 65535. Default: the main port plus 1000.</summary>
    [Range(0, 65535)]
    public int? ManagementPort { get; set; }

    /// <summary>
    /// Seconds a node keeps serving after it was asked to stop: 0 to 300, default 5, in development mode 0. During this time
    /// <c>/health/ready</c> returns 503, so it should be longer than a load balancer needs to notice that.
    /// </summary>
    [Range(0, 300)]
    public int DrainSeconds { get; set; } = 5;

    /// <summary><see cref="PublicUrl"/>, or where the server listens when none is set (development mode).</summary>
    public Uri PublicBase => PublicUrl ?? new Uri($"http://localhost:{Port}");

    /// <summary>
    /// What links to users of the tenant begin with, without a slash at the end: <see cref="PublicBase"/>, with the tenant's domain if it
    /// has one for links.
    /// </summary>
    public string LinkBase(Tenant? tenant) => BaseOf(tenant?.LinkDomain);

    /// <summary>
    /// What addresses at a tenant's domain begin with, without a slash at the end, which is the issuer of OpenID Connect there, too: scheme
    /// and port are those of <see cref="PublicBase"/>. Without a domain: <see cref="PublicBase"/>.
    /// </summary>
    public string BaseOf(string? domain) =>
        (domain is null ? PublicBase : new UriBuilder(PublicBase) { Host = domain }.Uri).AbsoluteUri.TrimEnd('/');

    /// <summary>The domain of which <see cref="BaseOf"/> makes exactly that address; null for <see cref="PublicBase"/> and all
    /// others.</summary>
    public string? DomainOf(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && DomainName.Canonical(uri.IdnHost) is { } domain
        && !IsPublicHost(domain)
        && BaseOf(domain) == address
            ? domain
            : null;

    /// <summary>Whether that is the host of <see cref="PublicBase"/>, in its canonical form.</summary>
    public bool IsPublicHost(string domain) => domain.Equals(PublicBase.IdnHost, StringComparison.OrdinalIgnoreCase);

    public int EffectiveManagementPort =>
        ManagementPort
        ?? (
            Port == 0 ? 0
            : Port > 64535 ? Port - 1000
            : Port + 1000
        );

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        foreach (var (name, address) in new[] { (nameof(Address), Address), (nameof(ManagementAddress), ManagementAddress) })
        {
            if (!IPAddress.TryParse(address, out var ip))
                yield return new ValidationResult("must be an IP address such as 127.0.0.1 or 0.0.0.0", [name]);
            else if (mode == SettingsMode.Development && !IPAddress.IsLoopback(ip))
                yield return new ValidationResult(
                    "must be a loopback address in development mode, whose inbox and keys are for this machine only",
                    [name]
                );
        }

        if (PublicUrl is not null && PublicUrl.Scheme is not ("http" or "https"))
            yield return new ValidationResult("must begin with https://", [nameof(PublicUrl)]);
        else if (
            PublicUrl is not null
            && (PublicUrl.AbsolutePath != "/" || PublicUrl.OriginalString.AsSpan().IndexOfAny('@', '?', '#') >= 0)
        )
            yield return new ValidationResult(
                "must be scheme, host and port only, without user, path, query and fragment, such as https://accounts.example.com",
                [nameof(PublicUrl)]
            );
        if (EffectiveManagementPort == Port && Port != 0 && Address == ManagementAddress)
            yield return new ValidationResult("must be another port than Gatehouse:Http:Port", [nameof(ManagementPort)]);
        if (mode == SettingsMode.Development)
            yield break;
        if (PublicUrl is null)
            yield return new ValidationResult("is required: the public https URL", [nameof(PublicUrl)]);
        else if (PublicUrl.Scheme != "https")
            yield return new ValidationResult("must begin with https:// outside development mode", [nameof(PublicUrl)]);
    }
}
