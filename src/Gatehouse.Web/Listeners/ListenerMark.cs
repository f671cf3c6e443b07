using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gatehouse.Web.Listeners;

/// <summary>
/// Tells the listeners beside the public one apart. A connection is marked where it is accepted, so that nothing a request says (its Host,
/// its port) can reach one of them from another.
/// </summary>
public sealed class ListenerMark
{
    private ListenerMark() { }

    /// <summary>For operators.</summary>
    public static ListenerMark Management { get; } = new();

    /// <summary>For the other processes of the installation.</summary>
    public static ListenerMark Split { get; } = new();

    /// <summary>For relying services.</summary>
    public static ListenerMark Rpc { get; } = new();
}

public static class ListenerExtensions
{
    public static ListenOptions Marked(this ListenOptions listener, ListenerMark mark)
    {
        listener.Use(next =>
            connection =>
            {
                connection.Features.Set(mark);
                return next(connection);
            }
        );
        return listener;
    }

    public static bool IsAt(this HttpContext http, ListenerMark mark) => http.Features.Get<ListenerMark>() == mark;

    /// <summary>With TLS if there is a certificate.</summary>
    public static ListenOptions UsePem(this ListenOptions listener, string certificateFile, string keyFile)
    {
        if (certificateFile.Length > 0 && keyFile.Length > 0)
            listener.UseHttps(tls => tls.ServerCertificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile));
        return listener;
    }

    /// <summary>What is wrong with the settings <c>CertificateFile</c> and <c>KeyFile</c> of a listener.</summary>
    public static IEnumerable<ValidationResult> CheckPem(string certificateFile, string keyFile)
    {
        if (certificateFile.Length > 0 != keyFile.Length > 0)
            yield return new ValidationResult(
                "is required if the other of CertificateFile and KeyFile is set",
                [certificateFile.Length > 0 ? "KeyFile" : "CertificateFile"]
            );
        foreach (var (name, file) in new[] { ("CertificateFile", certificateFile), ("KeyFile", keyFile) })
        {
            if (file.Length > 0 && !File.Exists(file))
                yield return new ValidationResult("must name a file that exists", [name]);
        }
    }
}
