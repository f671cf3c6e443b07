using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;
using Gatehouse.Web.Listeners;

namespace Gatehouse.Web.Rpc;

/// <summary>The port on which relying services ask by gRPC.</summary>
public sealed class RpcOptions : ICheckSettings
{
    /// <summary>Address it listens on, default <c>127.0.0.1</c>.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Its port: 1 to 65535, or 0 (default): none. It answers in the process with <c>identity</c>.</summary>
    [Range(0, 65535)]
    public int Port { get; set; }

    /// <summary>PEM file of its certificate. Empty (default): no TLS; then tokens travel readable, so the network must be
    /// trusted.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>PEM file of the certificate's key.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>Whether it tells which services and messages there are (server reflection), default true.</summary>
    public bool Reflection { get; set; } = true;

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        if (!System.Net.IPAddress.TryParse(Address, out _))
            yield return new ValidationResult("must be an IP address", [nameof(Address)]);
        foreach (var wrong in ListenerExtensions.CheckPem(CertificateFile, KeyFile))
            yield return wrong;
    }
}
