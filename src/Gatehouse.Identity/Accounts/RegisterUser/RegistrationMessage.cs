using System.Globalization;
using Gatehouse.Contracts.Events;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;
using Gatehouse.Messaging;
using Gatehouse.Web;

namespace Gatehouse.Identity.Accounts;

/// <summary>
/// A new code and link for a registration and the message that carries them. Used by the first send and every later one; each voids the one
/// before. For an address that has an account the owner is told so instead; beyond the quota of the address the message goes nowhere. Then
/// the stored hashes match nothing. All cases do the same work.
/// </summary>
internal sealed class RegistrationMessage(
    Verifications verifications,
    RegistrationVerification purpose,
    NotificationEncryptor encryptor,
    RegistrationOptions options,
    HttpOptions http
)
{
    public const string CodeTemplate = "registration-code";
    public const string IntroducedTemplate = "registration-code-introduced";
    public const string LinkTemplate = "registration-link";
    public const string KnownTemplate = "account-exists";

    /// <summary>The same where no password signs in, and none can be reset.</summary>
    public const string KnownByCodeTemplate = "account-exists-by-code";

    public const string LinkPath = "/register/confirm";

    private const string SignInPath = "/sign-in";
    private const string ForgotPath = "/forgot";

    /// <returns>What is to be stored of the code and the link.</returns>
    public IssuedHashes Send(Transaction tx, Tenant tenant, SubjectKey key, RegistrationDetails details, string language, To to)
    {
        // A text message has a code only.
        var hasLink = details.Contact is EmailAddress;
        var issued = verifications.Make(purpose, key.Subject);
        // Nothing that whoever registered wrote goes to an address that is not yet verified.
        var own = http.LinkBase(tenant);
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["signIn"] = own + SignInPath,
            ["forgot"] = own + ForgotPath,
        };
        var introduction = to.IntroductionIn(language);
        if (to.IsVerifiable)
        {
            values["introduction"] = introduction ?? "";
            values["code"] = issued.Code.Reveal();
            values["minutes"] = options.CodeMinutes.ToString(CultureInfo.InvariantCulture);
            if (hasLink)
            {
                values["link"] = $"{own}{LinkPath}?token={issued.Link.Reveal()}";
                values["hours"] = options.LifetimeHours.ToString(CultureInfo.InvariantCulture);
            }
        }

        tx.Publish(
            tenant.Id,
            key.Subject,
            new NotificationRequestedV1
            {
                NotificationId = Guid.CreateVersion7(tx.Now),
                Channel = to.IsSent ? details.Contact.Channel : NotificationRequestedV1.Nowhere,
                Template =
                    to.HasAccount ? (tenant.Settings.SignsInByPassword ? KnownTemplate : KnownByCodeTemplate)
                    : to.LeadsWithLink(details.Contact) ? LinkTemplate
                    : hasLink && introduction is not null ? IntroducedTemplate
                    : CodeTemplate,
                Language = language,
                ExpiresAt = tx.Now + purpose.CodeLifetime,
                Personal = encryptor.Seal(key, tenant.Id, details.Contact, values),
            }
        );

        return !to.IsVerifiable ? IssuedHashes.None
            : hasLink ? issued.Hashes
            : issued.Hashes.WithoutLink();
    }

    /// <summary>Who would get the message.</summary>
    /// <param name="HasAccount">Whether the address has an account.</param>
    /// <param name="IsSent">Whether its quota lets the message out.</param>
    internal readonly record struct To(bool HasAccount, bool IsSent)
    {
        /// <summary>Whether the message carries a code and a link that are valid.</summary>
        public bool IsVerifiable => IsSent && !HasAccount;

        /// <summary>The role that the user registers for; null without one.</summary>
        public RegistrationRole? Role { get; init; }

        /// <summary>Whether the message has the link as its first way. A text message has none.</summary>
        public bool LeadsWithLink(IContact contact) => contact is EmailAddress && Role?.VerifiesByLink == true;

        /// <summary>The line of the role; null where it has none in that language.</summary>
        public string? IntroductionIn(string language) => Role?.Introduction.GetValueOrDefault(language);
    }
}
