using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Access;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Messaging;
using Gatehouse.OpenId.Data;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.OpenId.Clients;

/// <summary>Service accounts: clients, what they may do, and their secrets.</summary>
internal sealed class ClientsArea : IArea
{
    public static readonly Permission ReadClients = new()
    {
        Name = "clients:read",
        Level = AccessLevel.Tenant,
        Description = "See service accounts.",
    };

    public static readonly Permission WriteClients = new()
    {
        Name = "clients:write",
        Level = AccessLevel.Tenant,
        Description = "Create, change, disable and delete service accounts that may do no more than oneself.",
    };

    public IReadOnlyList<Permission> Permissions { get; } = [ReadClients, WriteClients];

    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Operation<ListClients.Handler>("Clients", ListClients.Map),
        Slice.Operation<CreateClient.Handler>("Clients", CreateClient.Map),
        Slice.Operation<GetClient.Handler>("Clients", GetClient.Map),
        Slice.Operation<UpdateClient.Handler>("Clients", UpdateClient.Map),
        Slice.Operation<SetClientState.Handler>("Clients", SetClientState.Map),
        Slice.Operation<DeleteClient.Handler>("Clients", DeleteClient.Map),
        Slice.Operation<CreateSecret.Handler>("Clients", CreateSecret.Map),
        Slice.Operation<DeleteSecret.Handler>("Clients", DeleteSecret.Map),
        Slice.Routes(ClientsPages.Map),
        Slice.Routes<NewClientPages>(NewClientPages.Map),
        Slice.Routes<ClientPages>(ClientPages.Map),
        Slice.Routes<EditClientPages>(EditClientPages.Map),
        Slice.Routes<ClientActs>(ClientActs.Map),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddJob<EndClientSessions>();
        services.AddSingleton<ClientRules>().AddStoredValue<SignInSettings, string>();
        services.AddStoredValue<Hash<ClientSecret>, byte[]>();
        services.AddSingleton<IRevokedTokens, RevokedTokens>();
        services.AddSingleton<IPermissionUse, HeldScopes>();
        services.AddSingleton<ServiceAccountDirectory>();
        services.AddSingleton<IServiceAccountDirectory>(provider => provider.GetRequiredService<ServiceAccountDirectory>());
        services.AddSingleton<IServiceAccountNames, ServiceAccountNames>();
        services.AddConsoleEntry(ClientsPages.Entry);
        services.AddConsoleFinder<ClientFinder>();
        services.AddRequests(ClientsJson.Default);
        services.AddRecurring<PurgeRevokedTokens>("openid.purge-revoked-tokens", TimeSpan.FromMinutes(10));
    }
}

/// <summary>Rejections of this area. Each code has a page in docs/errors and a text in every language.</summary>
internal static class ClientErrors
{
    /// <summary>No such client in the tenant. Said of foreign and made-up ids alike.</summary>
    public static readonly Error NotFound = new("openid.client-not-found", ErrorKind.NotFound);

    public static readonly Error SecretNotFound = new("openid.secret-not-found", ErrorKind.NotFound);

    /// <summary>The client may do, or would, what the actor may not.</summary>
    public static readonly Error ExceedsOwnAccess = new("openid.exceeds-own-access", ErrorKind.Forbidden);

    /// <summary>Two are live: one of them has to go first.</summary>
    public static readonly Error TooManySecrets = new("openid.too-many-secrets", ErrorKind.Conflict);
}

/// <summary>The JSON form of this area's requests and responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CreateClient.Request), TypeInfoPropertyName = "CreateClientRequest")]
[JsonSerializable(typeof(CreateClient.Response), TypeInfoPropertyName = "CreateClientResponse")]
[JsonSerializable(typeof(UpdateClient.Request), TypeInfoPropertyName = "UpdateClientRequest")]
[JsonSerializable(typeof(SetClientState.Request), TypeInfoPropertyName = "SetClientStateRequest")]
[JsonSerializable(typeof(CreateSecret.Request), TypeInfoPropertyName = "CreateSecretRequest")]
[JsonSerializable(typeof(ClientView))]
[JsonSerializable(typeof(NewSecretView))]
[JsonSerializable(typeof(Page<ClientView>), TypeInfoPropertyName = "ClientPage")]
internal sealed partial class ClientsJson : JsonSerializerContext;
