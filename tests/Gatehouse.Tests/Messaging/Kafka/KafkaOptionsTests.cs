using System.ComponentModel.DataAnnotations;
using Confluent.Kafka;
using Gatehouse.Core.Configuration;
using Gatehouse.Messaging.Transports.Kafka;

namespace Gatehouse.Tests.Messaging.Kafka;

/// <summary>What the client is told; brokers with SASL or TLS are not among the tests.</summary>
public class KafkaOptionsTests
{
    [Theory]
    [InlineData("plaintext", "", "scram-sha-512", SecurityProtocol.Plaintext, null)]
    [InlineData("tls", "", "scram-sha-512", SecurityProtocol.Ssl, null)]
    [InlineData("plaintext", "gatehouse", "scram-sha-512", SecurityProtocol.SaslPlaintext, SaslMechanism.ScramSha512)]
    [InlineData("tls", "gatehouse", "scram-sha-256", SecurityProtocol.SaslSsl, SaslMechanism.ScramSha256)]
    [InlineData("tls", "gatehouse", "plain", SecurityProtocol.SaslSsl, SaslMechanism.Plain)]
    public void Every_client_is_told_how_to_connect(
        string security,
        string username,
        string authentication,
        SecurityProtocol protocol,
        SaslMechanism? mechanism
    )
    {
        var options = new KafkaOptions
        {
            Servers = "one:9093,two:9093",
            Security = security,
            Authentication = authentication,
            Username = username,
            Password = username.Length > 0 ? "secret" : "",
            CaFile = "/ca.pem",
        };

        foreach (var client in new ClientConfig[] { options.Client(), options.Producer(), options.ConsumerOf("audit") })
        {
            Assert.Equal((protocol, mechanism), (client.SecurityProtocol, client.SaslMechanism));
            Assert.Equal(("one:9093,two:9093", "/ca.pem"), (client.BootstrapServers, client.SslCaLocation));
            Assert.Equal(username.Length > 0 ? ("gatehouse", "secret") : (null, null), (client.SaslUsername, client.SaslPassword));
        }
    }

    [Fact]
    public void A_producer_gives_no_message_up_and_leaves_no_gap()
    {
        var producer = new KafkaOptions().Producer();

        Assert.Equal(
            (true, true, Acks.All, 0),
            (producer.EnableIdempotence, producer.EnableGaplessGuarantee, producer.Acks, producer.MessageTimeoutMs)
        );
        Assert.Equal(Partitioner.Murmur2Random, producer.Partitioner);
    }

    [Fact]
    public void A_consumer_reads_from_the_beginning_in_the_group_of_its_module_and_counts_only_what_was_stored()
    {
        var consumer = new KafkaOptions { GroupPrefix = "east", GroupProtocol = "consumer" }.ConsumerOf("notifications");

        Assert.Equal(("east-notifications", GroupProtocol.Consumer), (consumer.GroupId, consumer.GroupProtocol));
        Assert.Equal((AutoOffsetReset.Earliest, false), (consumer.AutoOffsetReset, consumer.EnableAutoOffsetStore));
        Assert.Equal(GroupProtocol.Classic, new KafkaOptions().ConsumerOf("audit").GroupProtocol);
    }

    [Theory]
    [InlineData("Security: must be plaintext or tls", "ssl", "", "scram-sha-512", "")]
    [InlineData("Authentication: must be scram-sha-512, scram-sha-256 or plain", "tls", "", "gssapi", "")]
    [InlineData("Password: is required if a username is set", "tls", "somebody", "scram-sha-512", "")]
    [InlineData("CaFile: must name a file that exists", "tls", "", "scram-sha-512", "/nowhere/ca.pem")]
    [InlineData("", "tls", "", "scram-sha-512", "")]
    public void Settings_that_cannot_be_used_are_named(string error, string security, string username, string authentication, string file)
    {
        var options = new KafkaOptions
        {
            Security = security,
            Username = username,
            Authentication = authentication,
            CaFile = file,
        };

        Assert.Equal(error, string.Join("; ", options.Check(SettingsMode.Production).Select(Text)));
    }

    [Fact]
    public void A_password_is_never_sent_unencrypted()
    {
        var options = new KafkaOptions
        {
            Username = "somebody",
            Password = "secret",
            Authentication = "plain",
        };

        Assert.Contains("must be tls", Assert.Single(options.Check(SettingsMode.Production)).ErrorMessage, StringComparison.Ordinal);
    }

    private static string Text(ValidationResult result) => $"{string.Join(", ", result.MemberNames)}: {result.ErrorMessage}";
}
