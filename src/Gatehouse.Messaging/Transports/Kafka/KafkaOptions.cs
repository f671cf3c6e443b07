using System.ComponentModel.DataAnnotations;
using Confluent.Kafka;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Messaging.Transports.Kafka;

/// <summary>The brokers that events travel over.</summary>
public sealed class KafkaOptions : ICheckSettings
{
    internal const string Plaintext = "plaintext";
    internal const string Tls = "tls";
    internal const string Plain = "plain";
    internal const string Scram256 = "scram-sha-256";
    internal const string Scram512 = "scram-sha-512";
    internal const string Classic = "classic";
    internal const string Consumer = "consumer";

    /// <summary>The first brokers to ask, <c>host:port</c> with commas between; the others are learned from them. Empty (default): events
    /// are delivered within the process.</summary>
    public string Servers { get; set; } = "";

    /// <summary><c>plaintext</c> (default) or <c>tls</c>.</summary>
    public string Security { get; set; } = Plaintext;

    /// <summary>PEM file of the authorities that sign the brokers' certificates. Empty: those of the machine.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>PEM file of the certificate that this program shows the brokers. Empty: none.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>PEM file of the certificate's key.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>How the user proves itself (SASL): <c>scram-sha-512</c> (default), <c>scram-sha-256</c> or <c>plain</c>.</summary>
    public string Authentication { get; set; } = Scram512;

    /// <summary>Username. Empty: no authentication by SASL.</summary>
    public string Username { get; set; } = "";

    /// <summary>Password for the username.</summary>
    [Secret]
    public string Password { get; set; } = "";

    /// <summary>Begin of the names of the consumer groups, one per module: <c>gatehouse-notifications</c>. Two installations on the same
    /// brokers and topics need different ones.</summary>
    [RegularExpression("^[A-Za-z0-9._-]{1,100}$", ErrorMessage = "must be 1 to 100 letters, digits, '.', '_' or '-'")]
    public string GroupPrefix { get; set; } = "gatehouse";

    /// <summary><c>classic</c> (default), or <c>consumer</c> for the protocol of KIP-848, which rebalances without a stop and needs Kafka
    /// 4.0 or later.</summary>
    public string GroupProtocol { get; set; } = Classic;

    /// <summary>Partitions of a topic that is created here: 1 to 1,000, default 12. A topic that exists keeps what it has.</summary>
    [Range(1, 1_000)]
    public int Partitions { get; set; } = 12;

    /// <summary>Copies of a topic that is created here: 0 to 10, default 0 (the brokers' default).</summary>
    [Range(0, 10)]
    public int Replicas { get; set; }

    /// <summary>Hours a topic that is created here keeps its records: 1 to 87,600, default 168 (a week).</summary>
    [Range(1, 87_600)]
    public int RetentionHours { get; set; } = 168;

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        if (Security is not (Plaintext or Tls))
            yield return new ValidationResult("must be plaintext or tls", [nameof(Security)]);
        if (Authentication is not (Plain or Scram256 or Scram512))
            yield return new ValidationResult("must be scram-sha-512, scram-sha-256 or plain", [nameof(Authentication)]);
        if (GroupProtocol is not (Classic or Consumer))
            yield return new ValidationResult("must be classic or consumer", [nameof(GroupProtocol)]);
        if (Username.Length > 0 && Password.Length == 0)
            yield return new ValidationResult("is required if a username is set", [nameof(Password)]);
        if (Username.Length > 0 && Authentication == Plain && Security == Plaintext)
            yield return new ValidationResult(
                "must be tls if the authentication is plain; otherwise the password would be sent unencrypted",
                [nameof(Security)]
            );
        if (CertificateFile.Length > 0 != KeyFile.Length > 0)
            yield return new ValidationResult(
                "is required if the other of CertificateFile and KeyFile is set",
                [CertificateFile.Length > 0 ? nameof(KeyFile) : nameof(CertificateFile)]
            );
        if (Security == Plaintext && (CaFile.Length > 0 || CertificateFile.Length > 0))
            yield return new ValidationResult("must be tls if a certificate is set", [nameof(Security)]);
        foreach (
            var (name, file) in new[] { (nameof(CaFile), CaFile), (nameof(CertificateFile), CertificateFile), (nameof(KeyFile), KeyFile) }
        )
        {
            if (file.Length > 0 && !File.Exists(file))
                yield return new ValidationResult("must name a file that exists", [name]);
        }
    }

    /// <summary>What every client of the brokers needs. Each call makes a dictionary of its own: clients share the object they are
    /// given.</summary>
    internal ClientConfig Client()
    {
        var client = new ClientConfig
        {
            BootstrapServers = Servers,
            ClientId = "gatehouse",
            SecurityProtocol = (Security == Tls, Username.Length > 0) switch
            {
                (false, false) => SecurityProtocol.Plaintext,
                (false, true) => SecurityProtocol.SaslPlaintext,
                (true, false) => SecurityProtocol.Ssl,
                (true, true) => SecurityProtocol.SaslSsl,
            },
            SocketKeepaliveEnable = true,
            ReconnectBackoffMaxMs = 2_000,
        };
        if (CaFile.Length > 0)
            client.SslCaLocation = CaFile;
        if (CertificateFile.Length > 0)
            (client.SslCertificateLocation, client.SslKeyLocation) = (CertificateFile, KeyFile);
        if (Username.Length > 0)
        {
            client.SaslMechanism = Authentication switch
            {
                Plain => SaslMechanism.Plain,
                Scram256 => SaslMechanism.ScramSha256,
                _ => SaslMechanism.ScramSha512,
            };
            (client.SaslUsername, client.SaslPassword) = (Username, Password);
        }

        return client;
    }

    /// <summary>
    /// Nothing is given up and nothing overtakes: a message that fails for another reason than the end of the program ends the producer,
    /// and its successor begins again at the last acknowledged place.
    /// </summary>
    internal ProducerConfig Producer() =>
        new(Client())
        {
            EnableIdempotence = true,
            EnableGaplessGuarantee = true,
            Acks = Acks.All,
            MessageTimeoutMs = 0,
            LingerMs = 1,
            // As Java's clients choose, so that theirs and ours agree.
            Partitioner = Partitioner.Murmur2Random,
            DeliveryReportFields = "none",
        };

    /// <summary>For records that are no events: each has its time, and whoever sends one tries again.</summary>
    internal ProducerConfig RecordProducer(TimeSpan limit) =>
        new(Client())
        {
            Acks = Acks.All,
            MessageTimeoutMs = (int)limit.TotalMilliseconds,
            LingerMs = 1,
            Partitioner = Partitioner.Murmur2Random,
            DeliveryReportFields = "none",
        };

    /// <summary>Offsets count as taken when they are stored here, after the receiver's row; they are committed every second.</summary>
    internal ConsumerConfig ConsumerOf(string module)
    {
        var consumer = new ConsumerConfig(Client())
        {
            GroupId = $"{GroupPrefix}-{module}",
            GroupProtocol = GroupProtocol == Consumer ? Confluent.Kafka.GroupProtocol.Consumer : Confluent.Kafka.GroupProtocol.Classic,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = true,
            AutoCommitIntervalMs = 1_000,
            EnableAutoOffsetStore = false,
            AllowAutoCreateTopics = true,
            FetchWaitMaxMs = 100,
            FetchMaxBytes = 8 * 1024 * 1024,
            QueuedMaxMessagesKbytes = 16 * 1024,
        };
        if (GroupProtocol == Classic)
            consumer.PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky;
        return consumer;
    }
}
