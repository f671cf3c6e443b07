using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Access;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Verification;
using Gatehouse.Messaging;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Administration;

/// <summary>Users as administrators see and change them.</summary>
internal sealed class AdministrationArea : IArea
{
    public static readonly Permission ReadUsers = new()
    {
        Name = "users:read",
        Level = AccessLevel.Organization,
        Description = "See users, and where they are signed in.",
    };

    public static readonly Permission WriteUsers = new()
    {
        Name = "users:write",
        Level = AccessLevel.Organization,
        Description = "Create, change, disable and sign out users whose roles allow no more than the own ones.",
    };

    public static readonly Permission ImportUsers = new()
    {
        Name = "users:import",
        Level = AccessLevel.Platform,
        Description = "Create users with password hashes from another system.",
    };

    public static readonly Permission EraseUsers = new()
    {
        Name = "users:erase",
        Level = AccessLevel.Tenant,
        Description = "Erase users for good whose roles allow no more than the own ones.",
    };

    public IReadOnlyList<Permission> Permissions { get; } = [ReadUsers, WriteUsers, ImportUsers, EraseUsers];

    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Operation<ListUsers.Handler>("Users", ListUsers.Map),
        Slice.Operation<ListUsersByInitial.Handler>("Users", ListUsersByInitial.Map),
        Slice.Operation<CreateUser.Handler>("Users", CreateUser.Map),
        Slice.Operation<StartVerification.Handler>("Users", StartVerification.Map),
        Slice.Operation<ResendVerification.Handler>("Users", ResendVerification.Map),
        Slice.Operation<CreateUserByCode.Handler>("Users", CreateUserByCode.Map),
        Slice.Operation<LookUpUsers.Handler>("Users", LookUpUsers.Map),
        Slice.Rpc<UsersService>(ReadUsers),
        Slice.Operation<GetUser.Handler>("Users", GetUser.Map),
        Slice.Operation<UpdateUser.Handler>("Users", UpdateUser.Map),
        Slice.Operation<DisableUser.Handler>("Users", DisableUser.Map),
        Slice.Operation<EraseUser.Handler>("Users", EraseUser.Map),
        Slice.Operation<EnableUser.Handler>("Users", EnableUser.Map),
        Slice.Operation<ListUserSessions.Handler>("Users", ListUserSessions.Map),
        Slice.Operation<EndUserSessions.Handler>("Users", EndUserSessions.Map),
        Slice.Operation<ForcePasswordReset.Handler>("Users", ForcePasswordReset.Map),
        Slice.Operation<ResetSecondFactors.Handler>("Users", ResetSecondFactors.Map),
        Slice.Operation<ClearFailedAttempts.Handler>("Users", ClearFailedAttempts.Map),
        Slice.Routes(UsersPages.Map),
        Slice.Routes(NewUserPages.Map),
        Slice.Routes(UserPages.Map),
        Slice.Routes(EditUserPages.Map),
        Slice.Routes<UserActs>(UserActs.Map),
        Slice.Routes<SignUpPages>(SignUpPages.Map),
        Slice.Routes<CreateFirstAdministrator.Handler>(FirstAdministratorPage.Map),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddRequests(AdministrationJson.Default);
        services.AddSingleton<ManagedUsers>().AddSingleton<CheckPhones>();
        services.AddSingleton<UserDetailsReader>().AddSingleton<UserCreation>();
        services.AddVerification<UserCreationVerification>().AddSingleton<UserCreationMessage>();
        services.AddOperation<CreateQueuedUser>();
        services.AddOperationName(
            new OperationName
            {
                Kind = CreateQueuedUser.Kind,
                Text = "page.console.operation.users-create",
                ResultPath = UserPages.PathOfResult,
            }
        );
        services.AddSingleton<SignUps>();
        services.AddSingleton<Disabler>().AddSingleton<UserSecurityReader>();
        services.AddConsoleEntry(UsersPages.Entry).AddConsoleFinder<UserFinder>();
        services.AddConsoleSection(UserPages.Overview).AddConsoleSection(UserPages.SessionsSection);
        services.AddSingleton<FirstAdministratorLink>().AddStartupTask<FirstAdministratorLink>();
        // A state that is retried late must not replace a newer one, so successors wait.
        services.AddSubscriber<OnUserRolesChanged, UserRolesChangedV1>("identity.keep-memberships", DeadLetters.SuccessorsWait);
    }
}

/// <summary>Rejections of this area. Each code has a page in docs/errors and a text in every language.</summary>
internal static class AdministrationErrors
{
    /// <summary>No such user in the actor's reach. Said of foreign and made-up ids alike.</summary>
    public static readonly Error UserNotFound = new("identity.user-not-found", ErrorKind.NotFound);

    /// <summary>The user's roles allow something that the actor may not do, or the user belongs to another organization, too.</summary>
    public static readonly Error ExceedsOwnAccess = new("identity.exceeds-own-access", ErrorKind.Forbidden);

    /// <summary>Nobody locks themselves out.</summary>
    public static readonly Error OwnAccount = new("identity.own-account", ErrorKind.Conflict);
}

/// <summary>The JSON form of this area's requests and responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Page<UserSummary>), TypeInfoPropertyName = "ListUsersPage")]
[JsonSerializable(typeof(ListUsersByInitial.Response), TypeInfoPropertyName = "ListUsersByInitialResponse")]
[JsonSerializable(typeof(LookUpUsers.Request), TypeInfoPropertyName = "LookUpUsersRequest")]
[JsonSerializable(typeof(LookUpUsers.Response), TypeInfoPropertyName = "LookUpUsersResponse")]
[JsonSerializable(typeof(DisableUser.Request), TypeInfoPropertyName = "DisableUserRequest")]
[JsonSerializable(typeof(EraseUser.Request), TypeInfoPropertyName = "EraseUserRequest")]
[JsonSerializable(typeof(ResetSecondFactors.Request), TypeInfoPropertyName = "ResetSecondFactorsRequest")]
[JsonSerializable(typeof(CreateUser.Request), TypeInfoPropertyName = "CreateUserRequest")]
[JsonSerializable(typeof(StartVerification.Request), TypeInfoPropertyName = "StartVerificationRequest")]
[JsonSerializable(typeof(StartVerification.Response), TypeInfoPropertyName = "StartVerificationResponse")]
[JsonSerializable(typeof(CreateUserByCode.Request), TypeInfoPropertyName = "CreateUserByCodeRequest")]
[JsonSerializable(typeof(ForcePasswordReset.Response), TypeInfoPropertyName = "ForcePasswordResetResponse")]
[JsonSerializable(typeof(ManagedUser))]
internal sealed partial class AdministrationJson : JsonSerializerContext;
