using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Messaging;
using Gatehouse.OpenId.Data;
using Gatehouse.Web;

namespace Gatehouse.OpenId.Clients;

/// <summary>Ends the sessions in an application that was disabled or deleted, batch by batch: each batch queues the next.</summary>
internal sealed class EndClientSessions(Database database, IApplicationSessions sessions, ITenantDirectory tenants) : IJob
{
    private const int BatchSize = 100;

    public static string Kind => "openid.end-client-sessions";

    /// <summary>Those that there are, and those of the same moment: one may have begun after this transaction did, and been waited
    /// for.</summary>
    public static void Enqueue(Transaction tx, Guid tenant, Guid client) =>
        Enqueue(tx, new ClientSessions(tenant, client) { Until = RevokedTokens.Until(tx) });

    public async Task<JobResult> RunAsync(string payload, int attempt, CancellationToken cancellationToken)
    {
        var batch = JsonSerializer.Deserialize(payload, ClientSessionsJson.Default.ClientSessions)!;
        if (await tenants.FindAsync(batch.Tenant, cancellationToken) is not { } tenant)
            return JobResult.Done();
        var grants = await database.QueryAsync(
            db =>
                db.ListAsync<UserGrant>(
                    """
                    select id, user_id from openid.grants
                     where tenant_id = @Tenant and client = @Client and id > @After and redeemed_at <= @Until
                     order by id limit @BatchSize
                    """,
                    new
                    {
                        batch.Tenant,
                        batch.Client,
                        batch.After,
                        batch.Until,
                        BatchSize,
                    }
                ),
            cancellationToken
        );
        var actor = Actor.Operator(tenant, Languages.Default);
        foreach (var grant in grants)
            await sessions.EndAsync(grant.UserId, grant.Id, SessionEnding.ClientDisabled, actor, cancellationToken);
        return JobResult.Done(tx =>
        {
            if (grants.Count == BatchSize)
                Enqueue(tx, batch with { After = grants[^1].Id });
            return Task.CompletedTask;
        });
    }

    private static void Enqueue(Transaction tx, ClientSessions batch) =>
        tx.Enqueue(Kind, Guid.CreateVersion7(tx.Now), JsonSerializer.Serialize(batch, ClientSessionsJson.Default.ClientSessions));
}

internal sealed record ClientSessions(Guid Tenant, Guid Client)
{
    /// <summary>The last session of the batch before; nil for the first.</summary>
    public Guid After { get; init; }

    public required DateTimeOffset Until { get; init; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ClientSessions))]
internal sealed partial class ClientSessionsJson : JsonSerializerContext;
