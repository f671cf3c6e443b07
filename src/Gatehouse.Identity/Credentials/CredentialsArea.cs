using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Configuration;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Credentials;

/// <summary>Users change their own password, e-mail address and phone number.</summary>
internal sealed class CredentialsArea : IArea
{
    public static readonly RateLimitPolicy ChangeLimit = RateLimitPolicy.Of<CredentialsLimits>("change", limits => limits.Change);

    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Operation<ChangePassword.Handler>("Account", ChangePassword.Map),
        Slice.Routes(PasswordPage.Map),
        Slice.Operation<ChangeEmail.Handler>("Account", ChangeEmail.Map),
        Slice.Operation<UndoEmailChange.Handler>("Account", UndoEmailChange.Map),
        Slice.Operation<ChangePhone.Handler>("Account", ChangePhone.Map),
        Slice.Operation<RemovePhone.Handler>("Account", RemovePhone.Map),
        Slice.Routes<ContactChangePage>(ContactChangePage.Map),
        Slice.Routes(RemovePhonePage.Map),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<CredentialOptions>(configuration, "Credentials");
        services.AddRateLimits<CredentialsLimits>(configuration);
        services.AddRequests(CredentialsJson.Default);
        services.AddVerification<EmailChangeVerification, EmailChangePages>();
        services.AddVerification<PhoneChangeVerification, PhoneChangePages>();
        services.AddVerification<EmailUndoVerification, EmailUndoPages>();
        services.AddSingleton<ContactChanges>();
        services.AddSingleton<ContactChangeMessage>();
        services.AddSingleton<ContactNotices>();
        services.AddSingleton<UserContacts>();
        services.AddSingleton<EmailUndos>();
        services.AddSingleton<AccountTakeback>();
        services.AddRecurring<PurgeContacts>("identity.purge-contacts", TimeSpan.FromMinutes(10));
    }
}

/// <summary>How often one client address may begin to change credentials.</summary>
internal sealed class CredentialsLimits
{
    /// <summary>Changing a password, e-mail address or phone number.</summary>
    public RateLimitRule Change { get; set; } = new() { Permits = 20, Window = TimeSpan.FromHours(1) };
}

/// <summary>Rejections of this area. Each code has a page in docs/errors and a text in every language.</summary>
internal static class CredentialsErrors
{
    /// <summary>Of a field.</summary>
    public const string PasswordUnchanged = "identity.password-unchanged";

    /// <summary>Of a field: the account has this address or number already.</summary>
    public const string ContactUnchanged = "identity.contact-unchanged";

    public static readonly Error PasswordChangedRecently = new("identity.password-changed-recently", ErrorKind.TooManyRequests);

    public static readonly Error EmailChangedRecently = new("identity.email-changed-recently", ErrorKind.TooManyRequests);

    /// <summary>The tenant lets users change their address once, and that was done.</summary>
    public static readonly Error EmailChangeUsedUp = new("identity.email-change-used-up", ErrorKind.Conflict);

    /// <summary>No change waits to be confirmed. Said of those of others and of made-up ids alike.</summary>
    public static readonly Error ChangeNotFound = new("identity.change-not-found", ErrorKind.NotFound);

    /// <summary>Said only to who has the right link: it has done its work before.</summary>
    public static readonly Error ChangeCompleted = new("identity.change-completed", ErrorKind.Conflict);

    /// <summary>Said only to who has the right link: an earlier change was undone, and this one with it.</summary>
    public static readonly Error UndoSuperseded = new("identity.undo-superseded", ErrorKind.Conflict);

    /// <summary>Without it nothing would be left to sign in with.</summary>
    public static readonly Error LastIdentifier = new("identity.last-identifier", ErrorKind.Conflict);

    public static readonly Error NoPhoneNumber = new("identity.no-phone-number", ErrorKind.NotFound);
}

/// <summary>The JSON form of this area's requests and responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ChangePassword.Request), TypeInfoPropertyName = "ChangePasswordRequest")]
[JsonSerializable(typeof(ChangePassword.Response), TypeInfoPropertyName = "ChangePasswordResponse")]
[JsonSerializable(typeof(ChangeEmail.Request), TypeInfoPropertyName = "ChangeEmailRequest")]
[JsonSerializable(typeof(ChangeEmail.Proof), TypeInfoPropertyName = "ChangeEmailProof")]
[JsonSerializable(typeof(ChangePhone.Request), TypeInfoPropertyName = "ChangePhoneRequest")]
[JsonSerializable(typeof(ChangePhone.Proof), TypeInfoPropertyName = "ChangePhoneProof")]
[JsonSerializable(typeof(UndoEmailChange.Request), TypeInfoPropertyName = "UndoEmailChangeRequest")]
[JsonSerializable(typeof(ContactChangeView))]
internal sealed partial class CredentialsJson : JsonSerializerContext;
