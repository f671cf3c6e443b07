using Gatehouse.Core.Configuration;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Telemetry;
using Gatehouse.Messaging.Transports.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Messaging;

/// <summary>The event log with its delivery, jobs and recurring work.</summary>
public static class MessagingServices
{
    public static IServiceCollection AddGatehouseMessaging(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<MessagingOptions>(configuration, "Messaging");
        services.AddSingleton(
            MigrationSet.FromResources("runtime", MigrationTarget.Main, typeof(MessagingServices).Assembly, "Migrations/")
        );
        // The work of the installation; the log names the tenant of each event but is ordered across all of them.
        services.AddUndistributedTables(
            new()
            {
                Local =
                [
                    "runtime.events",
                    "runtime.inbox",
                    "runtime.jobs",
                    "runtime.lanes",
                    "runtime.log_epochs",
                    "runtime.nodes",
                    "runtime.outages",
                    "runtime.parked",
                    "runtime.rejected_records",
                    "runtime.schedules",
                ],
            }
        );
        services.AddPartitionedTable(EventLog.Events).AddPartitionedTable(DeliveryNotes.Table);
        services.AddSingleton<IWrittenPositions, EventLog>();
        services.AddSingleton<EventReplay>();
        services.AddSingleton<ITransactionParticipant, EventLogWriter>();
        services.AddSingleton<ITransactionParticipant, JobQueueWriter>();
        services.AddSingleton<ITransactionParticipant, OperationWriter>();

        services.AddSingleton<Node>();
        services.AddSingleton<WorkSignal>();
        services.AddSingleton<PartitionLeases>();
        services.AddSingleton<EventReceiver>();
        services.AddMeter(MessagingMetrics.MeterName).AddSingleton<MessagingMetrics>();
        services.AddSingleton<OperationRunner>();
        services.AddSingleton<OperationList>();
        services.AddSingleton<Backlog>();
        services.AddSingleton<GivenUp>();
        services.AddSingleton<JobList>();
        services.AddSingleton<EventList>();
        services.AddRecurring<Housekeeping>("runtime.housekeeping", TimeSpan.FromHours(1));

        services.AddHostedService<OutboxDispatcher>();
        services.AddHostedService<DeliveryRetrier>();
        services.AddHostedService<NodeSignals>();
        services.AddHostedService<JobWorker>();
        services.AddHostedService<Scheduler>();
        services.AddHostedService<BacklogGauges>();

        services.AddSettings<KafkaOptions>(configuration, "Kafka");
        if (SettingsCatalog.Read<KafkaOptions>(configuration, "Kafka").Servers.Length > 0)
            services.AddKafka();
        else
            services.AddSingleton<IEventTransport, InProcessTransport>();
        return services;
    }

    private static void AddKafka(this IServiceCollection services)
    {
        services.AddSingleton<KafkaStatus>().AddHealthDetail<KafkaStatus>();
        services.AddSingleton<KafkaTopics>().AddHostedService(provider => provider.GetRequiredService<KafkaTopics>());
        services.AddSingleton<IEventTransport, KafkaTransport>();
        services.AddSingleton<RecordSender>();
        services.AddHostedService<KafkaReceiver>();
    }
}
