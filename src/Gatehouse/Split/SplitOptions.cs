using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;
using Gatehouse.Web.Listeners;

namespace Gatehouse.Split;

/// <summary>The split form: some of the modules in this process, the others in another, with Kafka between them.</summary>
public sealed class SplitOptions : ICheckSettings
{
    internal const int MinSecretLength = 32;

    /// <summary>
    /// The modules of this process: <c>identity,organizations,openid,webhooks,audit</c> or <c>notifications</c>. Empty (default): all. Same
    /// as <c>--modules</c>. Each process has a database of its own; without <c>identity</c> it needs no key store.
    /// </summary>
    public string[] Modules { get; set; } = [];

    /// <summary>
    /// Where the process with <c>identity</c> answers the others: <c>http://</c> or <c>https://</c>, host and its <c>Split:Port</c>.
    /// Required where <c>identity</c> is not among the modules.
    /// </summary>
    public Uri? Identity { get; set; }

    /// <summary>The credential between the processes: at least 32 characters, the same in all of them. It opens users' contact
    /// data.</summary>
    [Secret]
    public string Secret { get; set; } = "";

    /// <summary>A credential that is accepted, too, while processes are given a new one. Empty (default): none.</summary>
    [Secret]
    public string PreviousSecret { get; set; } = "";

    /// <summary>Address that the process with <c>identity</c> answers the others on, default <c>127.0.0.1</c>.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Port for the other processes (gRPC): 1 to 65535, or 0 (default): none. Required with <c>identity</c> in the split
    /// form.</summary>
    [Range(0, 65535)]
    public int Port { get; set; }

    /// <summary>PEM file of the certificate of the port. Empty: no TLS.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>PEM file of the certificate's key.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>PEM file of the authority that signs the certificate of <c>Split:Identity</c>. Empty: those of the machine.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>Whether brokers are configured, which other processes are met over.</summary>
    internal bool HasBroker { get; set; }

    public bool Runs(string module) => Modules.Length == 0 || Modules.Contains(module, StringComparer.Ordinal);

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        var known = GatehouseExtensions.Modules.Select(module => module.Name).ToList();
        if (Modules.Except(known, StringComparer.Ordinal).Any())
            yield return new ValidationResult("must name modules: " + string.Join(", ", known), [nameof(Modules)]);
        else if (Runs("identity") != Runs("audit") || Runs("identity") != Runs("organizations"))
            yield return new ValidationResult(
                "must contain identity, organizations and audit together: access is checked and every change recorded in one process",
                [nameof(Modules)]
            );
        else if (Runs("openid") && !Runs("identity"))
            yield return new ValidationResult("must contain identity with openid: it signs the tokens of clients", [nameof(Modules)]);
        else if (Runs("webhooks") && !Runs("identity"))
            yield return new ValidationResult("must contain identity with webhooks: users manage them", [nameof(Modules)]);
        else if (!known.TrueForAll(Runs))
        {
            if (!HasBroker)
                yield return new ValidationResult(
                    "must be empty unless Kafka:Servers is set: the modules of several processes meet over Kafka",
                    [nameof(Modules)]
                );
            if (Runs("identity") && Port == 0)
                yield return new ValidationResult("is required with identity in the split form: the others ask there", [nameof(Port)]);
            if (!Runs("identity") && Identity is null)
                yield return new ValidationResult("is required: the process that runs identity", [nameof(Identity)]);
        }

        if (Identity is not null && Identity is not { Scheme: "http" or "https", PathAndQuery: "/" })
            yield return new ValidationResult("must be http:// or https:// with a host and a port", [nameof(Identity)]);
        if ((Port > 0 || Identity is not null || Secret.Length > 0) && Secret.Length < MinSecretLength)
            yield return new ValidationResult($"must have at least {MinSecretLength} characters", [nameof(Secret)]);
        if (PreviousSecret.Length is > 0 and < MinSecretLength)
            yield return new ValidationResult($"must have at least {MinSecretLength} characters", [nameof(PreviousSecret)]);
        if (!System.Net.IPAddress.TryParse(Address, out _))
            yield return new ValidationResult("must be an IP address", [nameof(Address)]);
        foreach (var wrong in ListenerExtensions.CheckPem(CertificateFile, KeyFile))
            yield return wrong;
        if (CaFile.Length > 0 && !File.Exists(CaFile))
            yield return new ValidationResult("must name a file that exists", [nameof(CaFile)]);
    }
}
