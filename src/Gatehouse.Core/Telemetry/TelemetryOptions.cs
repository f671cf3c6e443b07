using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Core.Telemetry;

/// <summary>How the protocol of OpenTelemetry is carried.</summary>
public enum OtlpTransport
{
    Grpc,
    HttpProtobuf,
}

/// <summary>Where traces and metrics go. Metrics are always offered to a Prometheus server on the management listener.</summary>
public sealed class TelemetryOptions : ICheckSettings
{
    /// <summary>Address of an OpenTelemetry collector, such as <c>http://localhost:4317</c>. Without one nothing is sent and nothing is traced.</summary>
    public Uri? OtlpEndpoint { get; set; }

    /// <summary>How the collector is spoken to: <c>Grpc</c> (commonly port 4317) or <c>HttpProtobuf</c> (commonly port 4318, path added by itself).</summary>
    public OtlpTransport OtlpTransport { get; set; } = OtlpTransport.Grpc;

    /// <summary>Share of the requests that are traced, unless the caller's trace header already decided.</summary>
    [Range(0.0, 1.0)]
    [FormerName("TracedShare")]
    public double SamplingRatio { get; set; } = 0.1;

    /// <summary>Most label combinations kept per metric; what exceeds them is counted together. Bounds memory and the size of a scrape.</summary>
    [Range(10, 10_000)]
    [FormerName("MostSeries")]
    public int MaxSeries { get; set; } = 300;

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        if (OtlpEndpoint is { Scheme: not ("http" or "https") })
            yield return new ValidationResult("must begin with http:// or https://", [nameof(OtlpEndpoint)]);
    }
}
