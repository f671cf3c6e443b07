using Microsoft.Extensions.Hosting;

namespace Gatehouse.Web;

/// <summary>One log line per request.</summary>
public sealed class AccessLogOptions
{
    /// <summary>
    /// Whether each request of the main listener leaves a line of the category <c>Gatehouse.AccessLog</c>: method, route template, status,
    /// duration in milliseconds, ids of user, tenant and trace; no path, no query, no address. Probes (<c>/health/…</c>) leave none.
    /// Default: outside development mode only.
    /// </summary>
    public bool? Enabled { get; set; }

    public bool IsWritten(IHostEnvironment environment) => Enabled ?? !environment.IsDevelopment();
}
