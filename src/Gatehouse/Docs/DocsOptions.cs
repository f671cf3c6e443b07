using Microsoft.Extensions.Hosting;

namespace Gatehouse.Docs;

/// <summary>The pages that describe the interfaces.</summary>
internal sealed class DocsOptions
{
    /// <summary>
    /// Whether <c>/docs</c> shows the HTTP API and the events, and <c>/docs/api</c> lets operations be tried. Default: only in development
    /// mode. The documents themselves, <c>/openapi/v1.json</c> and <c>/asyncapi.json</c>, are always served.
    /// </summary>
    public bool? Enabled { get; set; }

    public bool AreShown(IHostEnvironment environment) => Enabled ?? environment.IsDevelopment();
}
