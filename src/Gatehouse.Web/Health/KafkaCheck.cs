using Gatehouse.Messaging.Transports.Kafka;

namespace Gatehouse.Web.Health;

/// <summary>What <c>gatehouse doctor</c> says of the brokers.</summary>
internal sealed class KafkaCheck(KafkaTopics topics) : IInstallationCheck
{
    private const string Subject = "kafka";

    public async Task<Finding> ExamineAsync(CancellationToken cancellationToken) =>
        await topics.ExamineAsync(cancellationToken) is { } trouble
            ? new Finding(
                Subject,
                FindingLevel.Advice,
                trouble,
                "Events wait in the log until then. Check that the settings under Kafka name the brokers and a user that can connect."
            )
            : new Finding(Subject, FindingLevel.Good, "the brokers answer and have all topics");
}
