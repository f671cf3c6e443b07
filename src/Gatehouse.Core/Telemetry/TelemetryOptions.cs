using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Core.Telemetry;

/// <summary>The OTLP protocol.</summary>
public enum OtlpTransport
{
    Grpc,
    HttpProtobuf,
}

/// <summary>Export of traces, metrics and logs. Metrics are always available to Prometheus on the management listener.</summary>
public sealed class TelemetryOptions : ICheckSettings
{
    /// <summary>
    /// URL of an OpenTelemetry collector, such as <c>http://localhost:4317</c>. Empty: nothing is exported and nothing
    /// is traced. Logs are written to standard output as well.
    /// </summary>
    public Uri? OtlpEndpoint { get; set; }

    /// <summary>
    /// Protocol: <c>Grpc</c> (usually port 4317) or <c>HttpProtobuf</c> (usually port 4318; the path is added automatically).
    /// </summary>
    public OtlpTransport OtlpTransport { get; set; } = OtlpTransport.Grpc;

    /// <summary>Share of requests that are traced, unless the trace header of the request already decides it.</summary>
    [Range(0.0, 1.0)]
    [FormerName("TracedShare")]
    public double SamplingRatio { get; set; } = 0.1;

    /// <summary>
    /// Maximum number of label combinations per metric; further ones are counted together. Limits memory and the size of a scrape.
    /// </summary>
    [Range(10, 10_000)]
    [FormerName("MostSeries")]
    public int MaxSeries { get; set; } = 300;

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        if (OtlpEndpoint is { Scheme: not ("http" or "https") })
            yield return new ValidationResult("must begin with http:// or https://", [nameof(OtlpEndpoint)]);
    }
}
