using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Access;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Exports;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Organizations.Access;

/// <summary>Permissions, roles, and who has which.</summary>
internal sealed class AccessArea : IArea
{
    public static readonly Permission ReadRoles = new()
    {
        Name = "roles:read",
        Level = AccessLevel.Organization,
        Description = "See roles, and who has which.",
    };

    public static readonly Permission WriteRoles = new()
    {
        Name = "roles:write",
        Level = AccessLevel.Organization,
        Description = "Create, change and delete roles that allow no more than the own ones.",
    };

    public static readonly Permission AssignRoles = new()
    {
        Name = "roles:assign",
        Level = AccessLevel.Organization,
        Description = "Assign and revoke roles that allow no more than the own ones.",
    };

    public static readonly Permission WritePermissions = new()
    {
        Name = "permissions:write",
        Level = AccessLevel.Platform,
        Description = "Register permissions of other services.",
    };

    public static readonly Permission CheckAccess = new()
    {
        Name = "access:check",
        Level = AccessLevel.Tenant,
        Description = "Ask what others may do.",
    };

    public IReadOnlyList<Permission> Permissions { get; } = [ReadRoles, WriteRoles, AssignRoles, WritePermissions, CheckAccess];

    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Operation<AssignRole.Handler>("Roles", AssignRole.Map),
        Slice.Operation<RevokeRole.Handler>("Roles", RevokeRole.Map),
        Slice.Operation<ListUserRoles.Handler>("Roles", ListUserRoles.Map),
        Slice.Operation<ListRoles.Handler>("Roles", ListRoles.Map),
        Slice.Operation<GetRole.Handler>("Roles", GetRole.Map),
        Slice.Operation<CreateRole.Handler>("Roles", CreateRole.Map),
        Slice.Operation<UpdateRole.Handler>("Roles", UpdateRole.Map),
        Slice.Operation<DeleteRole.Handler>("Roles", DeleteRole.Map),
        Slice.Operation<GetRoleRegistration.Handler>("Roles", GetRoleRegistration.Map),
        Slice.Operation<SetRoleRegistration.Handler>("Roles", SetRoleRegistration.Map),
        Slice.Operation<GetMyPermissions.Handler>("Permissions", GetMyPermissions.Map),
        Slice.Operation<CheckPermission.Handler>("Permissions", CheckPermission.Map),
        Slice.Rpc<AccessService>(CheckAccess),
        Slice.Operation<ListPermissions.Handler>("Permissions", ListPermissions.Map),
        Slice.Operation<RegisterPermission.Handler>("Permissions", RegisterPermission.Map),
        Slice.Operation<DeletePermission.Handler>("Permissions", DeletePermission.Map),
        Slice.Routes<RolesPages>(RolesPages.Map),
        Slice.Routes<MatrixPages>(MatrixPages.Map),
        Slice.Routes<NewRolePages>(NewRolePages.Map),
        Slice.Routes<RolePages>(RolePages.Map),
        Slice.Routes<EditRolePages>(EditRolePages.Map),
        Slice.Routes<DeleteRolePages>(DeleteRolePages.Map),
        Slice.Routes<RoleRegistrationPages>(RoleRegistrationPages.Map),
        Slice.Routes<UserAccessPages>(UserAccessPages.Map),
        Slice.Routes<GiveRolePages>(GiveRolePages.Map),
        Slice.Routes<TakeRolePages>(TakeRolePages.Map),
        Slice.Routes<GiveToMembersPages>(GiveToMembersPages.Map),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSubscriber<OnUserErased, UserErasedV1>(OnUserErased.Name, DeadLetters.SuccessorsPass);
        // Which permissions there are is a matter of the installation.
        services.AddUndistributedTables(new() { Local = ["organizations.permissions"] });
        services.AddSingleton<KnownPermissions>();
        services.AddSingleton<Roles>();
        services.AddSingleton<PrivilegedRoles>();
        services.AddSingleton<RoleViews>();
        services.AddSingleton<RoleHolders>();
        services.AddSingleton<RoleChoices>();
        services.AddSingleton<UserRoles>();
        services.AddSingleton<OrganizationCodes>();
        services.AddSingleton<GiveToMembers>();
        services.AddConsoleEntry(RolesPages.Entry);
        services.AddConsoleSection(UserAccessPages.Section).AddConsolePart<UserRolesPart>();
        services.AddSingleton<IAccessDirectory, AccessDirectory>();
        services.AddSingleton<IPermissionDirectory, PermissionDirectory>();
        services.AddSingleton<IOrganizationDirectory, OrganizationDirectory>();
        services.AddSingleton<IMembershipDirectory, MembershipDirectory>();
        services.AddSingleton<IPlatformAdministrators, PlatformAdministrators>();
        services.AddSingleton<IRegistrationRoles, RegistrationRoles>();
        services.AddRequests(AccessJson.Default);
        services.AddExport(AccessExports.Memberships).AddExport(AccessExports.Roles);
    }
}

/// <summary>Rejections of this area. Each code has a page in docs/errors and a text in every language.</summary>
internal static class AccessErrors
{
    /// <summary>No such role in the tenant. Said of foreign and made-up ids alike.</summary>
    public static readonly Error RoleNotFound = new("organizations.role-not-found", ErrorKind.NotFound);

    /// <summary>No such user in the tenant. Said of foreign and made-up ids alike.</summary>
    public static readonly Error UserNotFound = new("organizations.user-not-found", ErrorKind.NotFound);

    /// <summary>No such organization in the tenant, or none in which the actor may do this.</summary>
    public static readonly Error OrganizationNotFound = new("organizations.organization-not-found", ErrorKind.NotFound);

    /// <summary>The role allows something that the actor may not do there.</summary>
    public static readonly Error ExceedsOwnAccess = new("organizations.exceeds-own-access", ErrorKind.Forbidden);

    /// <summary>The role counts in one organization only, or in the whole tenant only.</summary>
    public static readonly Error WrongLevel = new("organizations.wrong-level", ErrorKind.Refused);

    /// <summary>Nobody would be left who can assign it again.</summary>
    public static readonly Error LastAdministrator = new("organizations.last-administrator", ErrorKind.Conflict);
}

/// <summary>Rejections of changes of roles.</summary>
internal static class RoleErrors
{
    /// <summary>A role of the tenant and one of an organization do not share a name either.</summary>
    public static readonly Error NameTaken = new("organizations.role-name-taken", ErrorKind.Conflict);

    public static readonly Error BuiltIn = new("organizations.role-built-in", ErrorKind.Conflict);

    /// <summary>Somebody has it, or an open request asks for it.</summary>
    public static readonly Error InUse = new("organizations.role-in-use", ErrorKind.Conflict);

    /// <summary>It allows something of Gatehouse itself, which nobody gets by registering.</summary>
    public static readonly Error Privileged = new("organizations.role-privileged", ErrorKind.Conflict);

    /// <summary>It is open for registration, and would allow something of Gatehouse itself.</summary>
    public static readonly Error Open = new("organizations.role-open", ErrorKind.Conflict);
}

/// <summary>Rejections of changes of registered permissions.</summary>
internal static class PermissionErrors
{
    public static readonly Error NotFound = new("organizations.permission-not-found", ErrorKind.NotFound);

    public static readonly Error NameTaken = new("organizations.permission-taken", ErrorKind.Conflict);

    /// <summary>Another permission names the same path for the same method.</summary>
    public static readonly Error PathTaken = new("organizations.permission-path-taken", ErrorKind.Conflict);

    /// <summary>The program itself asks for it.</summary>
    public static readonly Error Declared = new("organizations.permission-declared", ErrorKind.Conflict);

    /// <summary>A role allows it.</summary>
    public static readonly Error InUse = new("organizations.permission-in-use", ErrorKind.Conflict);
}

/// <summary>The JSON form of this area's requests and responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ListUserRoles.Response), TypeInfoPropertyName = "ListUserRolesResponse")]
[JsonSerializable(typeof(GetMyPermissions.Response), TypeInfoPropertyName = "GetMyPermissionsResponse")]
[JsonSerializable(typeof(ListPermissions.Response), TypeInfoPropertyName = "ListPermissionsResponse")]
[JsonSerializable(typeof(RegisterPermission.Request), TypeInfoPropertyName = "RegisterPermissionRequest")]
[JsonSerializable(typeof(CheckPermission.Request), TypeInfoPropertyName = "CheckPermissionRequest")]
[JsonSerializable(typeof(CheckPermission.Response), TypeInfoPropertyName = "CheckPermissionResponse")]
[JsonSerializable(typeof(CreateRole.Request), TypeInfoPropertyName = "CreateRoleRequest")]
[JsonSerializable(typeof(UpdateRole.Request), TypeInfoPropertyName = "UpdateRoleRequest")]
[JsonSerializable(typeof(SetRoleRegistration.Request), TypeInfoPropertyName = "SetRoleRegistrationRequest")]
[JsonSerializable(typeof(RoleRegistrationView))]
[JsonSerializable(typeof(RoleView))]
[JsonSerializable(typeof(PermissionView))]
[JsonSerializable(typeof(Page<RoleView>), TypeInfoPropertyName = "RolePage")]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class AccessJson : JsonSerializerContext;
