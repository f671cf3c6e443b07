using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Access;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Configuration;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Core.Telemetry;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Telemetry;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;
using Gatehouse.Messaging;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
using Gatehouse.Web.Pages;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Accounts;

/// <summary>Registration and the user's own account.</summary>
internal sealed class AccountsArea : IArea
{
    public static readonly RateLimitPolicy RegisterLimit = RateLimitPolicy.Of<AccountsLimits>("register", limits => limits.Register);

    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Operation<RegisterUser.Handler>("Registration", RegisterUser.Map),
        Slice.Operation<ConfirmByCode.Handler>("Registration", ConfirmByCode.Map),
        Slice.Operation<ConfirmByLink.Handler>("Registration", ConfirmByLink.Map),
        Slice.Routes(HomePage.Map),
        Slice.Routes(SignUpPage.Map),
        Slice.Operation<ResendCode.Handler>("Registration", ResendCode.Map),
        Slice.Operation<CheckUsername.Handler>("Registration", CheckUsername.Map),
        Slice.Operation<GetMe.Handler>("Account", GetMe.Map),
        Slice.Operation<UpdateMe.Handler>("Account", UpdateMe.Map),
        Slice.Operation<GetProfile.Handler>("Account", GetProfile.Map),
        Slice.Operation<GetTerms.Handler>("Registration", GetTerms.Map),
        Slice.Operation<AcceptTerms.Handler>("Account", AcceptTerms.Map),
        Slice.Routes(TermsPages.Map),
        Slice.Routes(AccountPages.Map),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<RegistrationOptions>(configuration, "Registration");
        services.AddRateLimits<AccountsLimits>(configuration);
        services.AddRequests(AccountsJson.Default);
        services.AddAccountSection(AccountPages.Path, "page.account.profile", 1);
        services.AddAccountSection(AccountPages.SecurityPath, "page.account.security", 2);
        services.AddAccountSection(AccountPages.SessionsPath, "page.account.sessions", 3);
        services.AddMeter(IdentityMeter.Name).AddSingleton<RegistrationMetrics>();
        services.AddVerification<RegistrationVerification, RegistrationPages>();
        services.AddSingleton<IUserDirectory, UserDirectory>();
        services.AddSingleton<RegistrationMessage>();
        services.AddSingleton<NewUser>();
        services.AddSingleton<UnverifiedUsers>();
        services.AddSingleton<SignUpParts>();
        services.AddSingleton<RoleRequestNotice>();
        services.AddSubscriber<OnRoleRequestApproved, RoleRequestApprovedV1>(OnRoleRequestApproved.Name, DeadLetters.SuccessorsPass);
        services.AddSubscriber<OnRoleRequestRejected, RoleRequestRejectedV1>(OnRoleRequestRejected.Name, DeadLetters.SuccessorsPass);
        services.AddSingleton<UserViews>();
        services.AddSingleton<ITermsOfService, TermsOfService>();
        services.AddStoredValue<PersonName, string>();
        services.AddStoredValue<Username, string>();
        services.AddStoredValue<EncryptedValue<EmailAddress>, byte[]>();
        services.AddStoredValue<EncryptedValue<PhoneNumber>, byte[]>();
        services.AddStoredValue<EncryptedValue<Profile>, byte[]>();
        services.AddStoredValue<EncryptedValue<DisabledReason>, byte[]>();
        services.AddStoredValue<EncryptedValue<ResetReason>, byte[]>();
        services.AddRecurring<PurgeUnverified>("identity.purge-unverified", TimeSpan.FromMinutes(5));
        services.AddRecurring<ReconcileUserKeys>("identity.settle-person-keys", TimeSpan.FromMinutes(10));
    }
}

/// <summary>How often one client address may start a registration.</summary>
internal sealed class AccountsLimits
{
    /// <summary>Starting a registration.</summary>
    public RateLimitRule Register { get; set; } = new() { Permits = 10, Window = TimeSpan.FromHours(1) };
}

/// <summary>Rejections of this area. Each code has a page in docs/errors and a text in every language.</summary>
internal static class AccountsErrors
{
    /// <summary>No such registration, or its day is over. Said of foreign and made-up ids alike.</summary>
    public static readonly Error RegistrationNotFound = new("identity.registration-not-found", ErrorKind.NotFound);

    /// <summary>Said only to who has the right code or link: the registration had been completed before.</summary>
    public static readonly Error RegistrationCompleted = new("identity.registration-completed", ErrorKind.Conflict);

    /// <summary>The tenant lets nobody register. What was started before may be completed.</summary>
    public static readonly Error RegistrationClosed = new("identity.registration-closed", ErrorKind.Forbidden);

    /// <summary>There is no such role for registration. Said of closed and made-up ones alike, as an error of the field.</summary>
    public static readonly Error RoleNotOpen = new("identity.role-not-open", ErrorKind.Conflict);

    public static readonly Error UsernameTaken = new("identity.username-taken", ErrorKind.Conflict);

    /// <summary>As many former names as one user may reserve are reserved.</summary>
    public static readonly Error UsernameChangedTooOften = new("identity.username-changed-too-often", ErrorKind.Conflict);

    /// <summary>The tenant asks nobody to accept terms.</summary>
    public static readonly Error NoTerms = new("identity.no-terms", ErrorKind.NotFound);

    /// <summary>Nobody has that username. Said of unknown and former ones, and of those of closed accounts, alike.</summary>
    public static readonly Error ProfileNotFound = new("identity.profile-not-found", ErrorKind.NotFound);

    /// <summary>Said only to who has proved the address, and to operators: it has an account by now.</summary>
    public static readonly Error EmailTaken = new("identity.email-taken", ErrorKind.Conflict);

    /// <summary>The same of a phone number.</summary>
    public static readonly Error PhoneNumberTaken = new("identity.phone-number-taken", ErrorKind.Conflict);

    public static Error Taken(IContact contact) => contact is EmailAddress ? EmailTaken : PhoneNumberTaken;
}

/// <summary>The JSON form of this area's requests and responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RegisterUser.Request), TypeInfoPropertyName = "RegisterUserRequest")]
[JsonSerializable(typeof(RegisterUser.Response), TypeInfoPropertyName = "RegisterUserResponse")]
[JsonSerializable(typeof(ConfirmByCode.Request), TypeInfoPropertyName = "ConfirmByCodeRequest")]
[JsonSerializable(typeof(ConfirmByLink.Request), TypeInfoPropertyName = "ConfirmByLinkRequest")]
[JsonSerializable(typeof(ResendCode.Response), TypeInfoPropertyName = "ResendCodeResponse")]
[JsonSerializable(typeof(CheckUsername.Response), TypeInfoPropertyName = "CheckUsernameResponse")]
[JsonSerializable(typeof(UpdateMe.Request), TypeInfoPropertyName = "UpdateMeRequest")]
[JsonSerializable(typeof(UserView))]
[JsonSerializable(typeof(ProfileCard))]
[JsonSerializable(typeof(TermsDueView))]
[JsonSerializable(typeof(AcceptTerms.Request), TypeInfoPropertyName = "AcceptTermsRequest")]
internal sealed partial class AccountsJson : JsonSerializerContext;
