using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Challenges;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Verification;

namespace Gatehouse.Identity.Factors;

/// <summary>Codes that are sent to the number or address of the account. The challenge knows which verification is its own: a code of
/// another one, or of the other kind, is none.</summary>
internal sealed class SentCodeFactor(string name, IReadOnlyList<string> methods, SentCodes codes, SentCodeVerification purpose)
    : ISecondFactor
{
    public static readonly IReadOnlyList<string> Names = [SecondFactorNames.Sms, SecondFactorNames.Email];

    public string Name => name;

    public IReadOnlyList<string> Methods => methods;

    public static SentCodeFactor Sms(SentCodes codes, SentCodeVerification purpose) =>
        new(SecondFactorNames.Sms, MethodsOf(SecondFactorNames.Sms), codes, purpose);

    public static SentCodeFactor Email(SentCodes codes, SentCodeVerification purpose) =>
        new(SecondFactorNames.Email, MethodsOf(SecondFactorNames.Email), codes, purpose);

    public static bool IsOne(string? factor) => Names.Contains(factor, StringComparer.Ordinal);

    /// <summary>The kind of contact that the codes are sent to.</summary>
    public static string KindOf(string factor) => factor == SecondFactorNames.Sms ? Users.PhoneKind : Users.EmailKind;

    /// <summary>The factor whose codes are sent to contacts of this kind.</summary>
    public static string OfKind(string kind) => kind == Users.PhoneKind ? SecondFactorNames.Sms : SecondFactorNames.Email;

    public static IReadOnlyList<string> MethodsOf(string factor) =>
        factor == SecondFactorNames.Sms
            ? [AuthenticationMethods.OneTimeCode, AuthenticationMethods.Sms]
            : [AuthenticationMethods.OneTimeCode];

    public async Task<FactorProof> ProveAsync(
        Transaction tx,
        LockedUser user,
        SubjectKey key,
        PendingChallenge challenge,
        FactorInput input,
        Actor actor
    )
    {
        var code = OneTimeCode.Parse(input.Code, purpose.CodeDigits, "code", new ValidationErrors());
        if (
            code is null
            || challenge.VerificationOf(name) is not { } verification
            || user.Row.OpenContact(key, KindOf(name)) is not { } contact
        )
            return FactorProof.Wrong;
        if (await codes.AcceptAsync(tx, user.Row, contact, verification, code) is { } rejection)
            return rejection.Code == VerificationErrors.CodeExpired.Code ? FactorProof.Expired : FactorProof.Wrong;
        await StoredSentCode.NoteUseAsync(tx, user.Row, name);
        return FactorProof.Right;
    }
}

/// <summary>Such a factor of a user, as stored.</summary>
internal sealed class StoredSentCode
{
    /// <summary>Of the code that confirms it.</summary>
    public Guid VerificationId { get; init; }

    /// <summary>Null until that code came back.</summary>
    public DateTimeOffset? ConfirmedAt { get; init; }

    public static Task<StoredSentCode?> FindAsync(DbSession db, Guid tenant, Guid user, string factor) =>
        db.FirstOrDefaultAsync<StoredSentCode>(
            """
            select verification_id, confirmed_at from identity.sent_code_factors
             where tenant_id = @tenant and user_id = @user and factor = @factor
            """,
            new
            {
                tenant,
                user,
                factor,
            }
        );

    /// <summary>Lets it wait for the code of this verification.</summary>
    public static Task AwaitAsync(Transaction tx, StoredUser user, string factor, Guid verification) =>
        tx.ExecuteAsync(
            """
            insert into identity.sent_code_factors (tenant_id, user_id, factor, verification_id, created_at)
            values (@TenantId, @Id, @factor, @verification, @Now)
            on conflict on constraint sent_code_factors_pkey do update
               set verification_id = excluded.verification_id, created_at = excluded.created_at
            """,
            new
            {
                user.TenantId,
                user.Id,
                factor,
                verification,
                tx.Now,
            }
        );

    /// <summary>A code was right: the first one confirms it.</summary>
    public static Task NoteUseAsync(Transaction tx, StoredUser user, string factor) =>
        tx.ExecuteAsync(
            """
            update identity.sent_code_factors set confirmed_at = coalesce(confirmed_at, @Now), last_used_at = @Now
             where tenant_id = @TenantId and user_id = @Id and factor = @factor
            """,
            new
            {
                tx.Now,
                user.TenantId,
                user.Id,
                factor,
            }
        );

    public static Task RemoveAsync(Transaction tx, StoredUser user, string factor) =>
        tx.ExecuteAsync(
            "delete from identity.sent_code_factors where tenant_id = @TenantId and user_id = @Id and factor = @factor",
            new
            {
                user.TenantId,
                user.Id,
                factor,
            }
        );
}
