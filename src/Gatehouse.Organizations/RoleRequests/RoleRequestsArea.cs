using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Access;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Exports;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Organizations.RoleRequests;

/// <summary>Users ask for roles, and who may assign them decides.</summary>
internal sealed class RoleRequestsArea : IArea
{
    public static readonly Permission ReviewRoleRequests = new()
    {
        Name = "role-requests:review",
        Level = AccessLevel.Organization,
        Description = "See requests for roles, and decide on those that one may assign.",
    };

    public IReadOnlyList<Permission> Permissions { get; } = [ReviewRoleRequests];

    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Operation<CreateRoleRequest.Handler>("Role requests", CreateRoleRequest.Map),
        Slice.Operation<ListRoleRequests.Handler>("Role requests", ListRoleRequests.Map),
        Slice.Operation<GetRoleRequest.Handler>("Role requests", GetRoleRequest.Map),
        Slice.Operation<ReviewRoleRequest.Handler>("Role requests", ReviewRoleRequest.Map),
        Slice.Routes<RoleRequestsPages>(RoleRequestsPages.Map),
        Slice.Routes<RoleRequestPages>(RoleRequestPages.Map),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddRequests(RoleRequestsJson.Default);
        services.AddExport(RoleRequestExport.Rows);
        services.AddStoredValue<EncryptedValue<RoleRequestContent>, byte[]>();
        services.AddSingleton<RoleRequestViews>().AddSingleton<RoleRequestNames>();
        services.AddConsoleEntry(RoleRequestsPages.Entry).AddConsolePart<WaitingPart>();
    }
}

/// <summary>Rejections of this area. Each code has a page in docs/errors and a text in every language.</summary>
internal static class RoleRequestErrors
{
    /// <summary>No such request, or one that the actor may not see.</summary>
    public static readonly Error NotFound = new("organizations.role-request-not-found", ErrorKind.NotFound);

    /// <summary>A request for the same role in the same place is open.</summary>
    public static readonly Error Open = new("organizations.role-request-open", ErrorKind.Conflict);

    /// <summary>It was approved or rejected before.</summary>
    public static readonly Error Closed = new("organizations.role-request-closed", ErrorKind.Conflict);

    /// <summary>The requester has the role there.</summary>
    public static readonly Error RoleHeld = new("organizations.role-held", ErrorKind.Conflict);

    /// <summary>Nobody decides on the own request.</summary>
    public static readonly Error Own = new("organizations.own-role-request", ErrorKind.Forbidden);
}

/// <summary>The JSON form of this area's requests and responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CreateRoleRequest.Request), TypeInfoPropertyName = "CreateRoleRequestRequest")]
[JsonSerializable(typeof(ReviewRoleRequest.Request), TypeInfoPropertyName = "ReviewRoleRequestRequest")]
[JsonSerializable(typeof(RoleRequestView))]
[JsonSerializable(typeof(Page<ListRoleRequests.Item>), TypeInfoPropertyName = "RoleRequestPage")]
internal sealed partial class RoleRequestsJson : JsonSerializerContext;
