using System.Security.Cryptography;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Verification;
using Gatehouse.Messaging;
using Gatehouse.Web;

namespace Gatehouse.Identity.Accounts;

/// <summary>
/// A new code and link for a registration and the message that carries them. Used by the first send and every later one; each voids the one
/// before. For an address that has an account the owner is told so instead; beyond the quota of the address the message goes nowhere. Then the stored hashes
/// match nothing. All cases do the same work.
/// </summary>
internal sealed class RegistrationMessage(ServerKeys serverKeys, NotificationEncryptor seal, RegistrationOptions options, HttpOptions http)
{
    public const string CodeTemplate = "registration-code";
    public const string KnownTemplate = "account-exists";
    public const string LinkPath = "/register/confirm";

    public Proof Issue(Transaction tx, Guid tenantId, Guid registrationId, SubjectKey key, Registration.PersonalPart personal, string language, To to)
    {
        var code = OneTimeCode.New(options.CodeDigits);
        var link = LinkToken.New();
        var codeHash = CodeHash.Compute(serverKeys.Get(ServerKeys.Codes), CodePurpose.Registration, registrationId, code);
        var expiresAt = tx.Now.AddMinutes(options.CodeMinutes);

        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = personal.Name };
        if (to.IsProof)
        {
            values["code"] = code.Reveal();
            values["link"] = $"{http.PublicBase.AbsoluteUri.TrimEnd('/')}{LinkPath}?token={link.Reveal()}";
            values["minutes"] = options.CodeMinutes.ToString(System.Globalization.CultureInfo.InvariantCulture);
            values["hours"] = options.LifetimeHours.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        tx.Publish(tenantId, registrationId, new NotificationRequestedV1
        {
            NotificationId = Guid.CreateVersion7(tx.Now),
            Channel = to.IsSent ? "email" : NotificationRequestedV1.Nowhere,
            Template = to.HasAccount ? KnownTemplate : CodeTemplate,
            Language = language,
            ExpiresAt = expiresAt,
            Personal = seal.Seal(key, tenantId, personal.Email, values),
        });

        return to.IsProof
            ? new Proof(codeHash, link.Hash(), expiresAt)
            : new Proof(RandomNumberGenerator.GetBytes(codeHash.Length), RandomNumberGenerator.GetBytes(codeHash.Length), expiresAt);
    }

    /// <summary>Who would get the message.</summary>
    /// <param name="HasAccount">Whether the address has an account.</param>
    /// <param name="IsSent">Whether its quota lets the message out.</param>
    internal readonly record struct To(bool HasAccount, bool IsSent)
    {
        /// <summary>Whether the message carries a code and a link that are good.</summary>
        public bool IsProof => IsSent && !HasAccount;
    }

    /// <summary>What is stored of a code and a link.</summary>
    internal sealed record Proof(byte[] CodeHash, byte[] LinkHash, DateTimeOffset ExpiresAt);
}
