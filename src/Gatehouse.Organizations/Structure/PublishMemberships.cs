using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Postgres;
using Gatehouse.Messaging;
using Gatehouse.Organizations.Data;

namespace Gatehouse.Organizations.Structure;

/// <summary>
/// Tells of the roles of every member of an organization whose state changed, batch by batch: each batch queues the next. Who joins
/// meanwhile is told of by the joining.
/// <para>Publishes <c>user.roles-changed.v1</c>.</para>
/// </summary>
internal sealed class PublishMemberships : IJob
{
    private const int BatchSize = 100;

    public static string Kind => "organizations.publish-memberships";

    public static void Enqueue(Transaction tx, Guid tenant, Guid organization, Guid after = default) =>
        tx.Enqueue(
            Kind,
            Guid.CreateVersion7(tx.Now),
            JsonSerializer.Serialize(new MembershipsBatch(tenant, organization, after), MembershipsBatchJson.Default.MembershipsBatch)
        );

    public Task<JobResult> RunAsync(string payload, int attempt, CancellationToken cancellationToken)
    {
        var batch = JsonSerializer.Deserialize(payload, MembershipsBatchJson.Default.MembershipsBatch)!;
        return Task.FromResult(JobResult.Done(tx => PublishAsync(tx, batch)));
    }

    // In one order, so that two batches never wait for each other.
    private static async Task PublishAsync(Transaction tx, MembershipsBatch batch)
    {
        var users = await tx.ListAsync<Guid>(
            """
            select user_id from organizations.members
             where tenant_id = @Tenant and organization_id = @Organization and user_id > @After
             order by user_id limit @BatchSize
            """,
            new
            {
                batch.Tenant,
                batch.Organization,
                batch.After,
                BatchSize,
            }
        );
        foreach (var user in users)
        {
            await Memberships.LockAsync(tx, user);
            await Memberships.PublishAsync(tx, batch.Tenant, user);
        }

        if (users.Count == BatchSize)
            Enqueue(tx, batch.Tenant, batch.Organization, users[^1]);
    }
}

/// <param name="After">The last user of the batch before; nil for the first.</param>
internal sealed record MembershipsBatch(Guid Tenant, Guid Organization, Guid After);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(MembershipsBatch))]
internal sealed partial class MembershipsBatchJson : JsonSerializerContext;
