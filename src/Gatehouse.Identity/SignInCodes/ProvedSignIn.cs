using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Tokens;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.SignInCodes;

/// <summary>
/// Signs in who has the code or the link; where the tenant says so, it makes an account first. The name of a new user is asked for only
/// then: who has not proved the address does not learn that it has no account. Until it is given the same code stays valid.
/// <para>Publishes <c>user.signed-in.v1</c> and <c>session.started.v1</c>, for a new account <c>user.registered.v1</c> and
/// <c>user.verified.v1</c> before. Nothing where a second factor is due.</para>
/// </summary>
internal sealed partial class ProvedSignIn(
    Database database,
    Verifications verifications,
    SignInCodeVerification purpose,
    SubjectKeys subjectKeys,
    ServerKeys serverKeys,
    BlindIndex blindIndex,
    CodeLength length,
    NewUser newUser,
    CompleteSignIn completeSignIn,
    SignInCodeMetrics metrics,
    ILogger<ProvedSignIn> logger
)
{
    /// <param name="id">Null for a link, which names its sign-in by itself.</param>
    /// <param name="name">The name of a new user; null while none was asked for.</param>
    public async Task<Outcome<SignInStep>> SignInAsync(
        Guid? id,
        VerificationInput proof,
        PersonName? name,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var outcome = await database.InTransactionAsync(
            "sign-in-code.verify",
            tx => ProveAsync(tx, id, proof, name, actor, cancellationToken),
            cancellationToken
        );
        if (outcome.Error is { } error)
        {
            metrics.Refused(error.Code);
            Log.Refused(logger, error.Code);
            return error;
        }

        var opened = outcome.Value;
        if (opened is { IsNew: true, Step: SignedIn created })
            await newUser.SettleAsync(new NewUser.Created(opened.SignIn, created.User, created));
        else
            await verifications.DestroyKeyAsync(opened.SignIn);
        metrics.Completed(proof.Method);
        if (opened.Step is SignedIn signedIn)
            Log.SignedIn(logger, signedIn.User.Id, signedIn.Tokens.SessionId);
        return opened.Step;
    }

    private async Task<Outcome<Opened>> ProveAsync(
        Transaction tx,
        Guid? id,
        VerificationInput proof,
        PersonName? name,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var step = await TryAsync(tx, id, proof, actor);
        var outcome = step.Rejection ?? await OpenAsync(tx, step.Pending!, proof, name, actor, cancellationToken);
        if (outcome.Error is { } error)
        {
            var record = AuditRecord.Of(actor, "sign-in.code-refused") with { Subject = step.Pending?.UserId };
            tx.Record(record.RefusedWith(error.Code).WithSignIn(step.Pending?.Id).WithFact("method", proof.Method));
        }

        return outcome;
    }

    private async Task<VerificationStep> TryAsync(Transaction tx, Guid? id, VerificationInput proof, Actor actor)
    {
        var tenant = actor.Tenant.Id;
        if (id is not { } known)
            return await verifications.TryLinkAsync(tx, purpose, tenant, proof.Link!, secretMatches: null);
        if (proof.Code is { } code && !await length.IsEnoughAsync(tx, known, code, actor))
            return new VerificationStep(Pending: null, SignInCodesErrors.LongerCodeRequired);
        var step = await verifications.TryAsync(tx, purpose, tenant, known, proof);
        if (step.Rejection?.Code == VerificationErrors.CodeWrong.Code)
            await length.CountAsync(tx, actor);
        return step;
    }

    private async Task<Outcome<Opened>> OpenAsync(
        Transaction tx,
        PendingVerification signIn,
        VerificationInput proof,
        PersonName? name,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var flowKey = await subjectKeys.FindAsync(signIn.Id, cancellationToken);
        if (flowKey is null)
            return purpose.NotFound;
        var payload = signIn.Payload();
        // Who had no account when the code was sent may have one by now.
        var user = signIn.UserId ?? (await payload.OpenIdentifier(flowKey).FindAsync(tx, signIn.TenantId, blindIndex))?.Id;
        return user is { } known
            ? await SignInAsync(tx, signIn, known, actor, cancellationToken)
            : await RegisterAsync(tx, signIn, flowKey, new NewAccount(proof.Method, name), actor, cancellationToken);
    }

    private async Task<Outcome<Opened>> SignInAsync(
        Transaction tx,
        PendingVerification signIn,
        Guid id,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        // Who is here has the proof. The user may have been erased, disabled or given another password or address since.
        var user = await LockedUser.LockAsync(tx, signIn.TenantId, id);
        var key = user is null ? null : await subjectKeys.FindAsync(id, cancellationToken);
        if (
            user is null
            || key is null
            || user.Row.IsLockedOut
            || signIn.IsSupersededFor(user.Row)
            || user.Row.OpenContact(key, signIn.Payload().ContactKind) is not { } contact
        )
            return purpose.NotFound;

        await verifications.CompleteAsync(tx, signIn);
        var device = DeviceToken.Read(
            serverKeys.Get(ServerKeys.Devices),
            actor.DeviceToken,
            signIn.TenantId,
            id,
            user.Row.PasswordChangedAt
        );
        var step = await completeSignIn.CompleteAsync(tx, user, key, actor, FirstFactor.CodeTo(contact), device?.DeviceId);
        await user.SaveAsync(tx);
        return new Opened(signIn.Id, step, IsNew: false);
    }

    private async Task<Outcome<Opened>> RegisterAsync(
        Transaction tx,
        PendingVerification signIn,
        SubjectKey flowKey,
        NewAccount account,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var payload = signIn.Payload();
        // Registration may have been closed since.
        if (!payload.MayRegister(actor.Tenant.Settings) || payload.OpenContact(flowKey) is not { } contact)
            return purpose.NotFound;
        if (account.Name is null)
            return RequestErrors.Invalid.With([new FieldError { Field = "name", Code = ValidationCodes.Required }]);

        var inserted = await newUser.InsertAsync(
            tx,
            signIn.TenantId,
            new NewUser.Attributes(
                account.Name,
                contact,
                BlindIndex.Version,
                blindIndex.Compute(signIn.TenantId, contact.Kind, contact.Canonical),
                actor.Tenant.Settings.GeneratesUsernames ? Username.Generate() : null,
                PasswordHash: null,
                payload.Language
            )
            {
                Origin = "self",
                Method = account.Method,
            },
            cancellationToken
        );
        if (inserted.Error is { } taken)
            return taken;

        var (key, user) = inserted.Value;
        await verifications.CompleteAsync(tx, signIn);
        var record = AuditRecord.Of(actor, "user.registered").WithSignIn(signIn.Id) with { Subject = key.Subject };
        tx.Record(record);
        tx.Record((record with { Action = "user.verified" }).WithFact("channel", contact.Kind).WithFact("method", account.Method));
        var signedIn = await completeSignIn.BeginAsync(tx, user, key, actor, FirstFactor.CodeTo(contact), device: null);
        await user.SaveAsync(tx);
        return new Opened(signIn.Id, signedIn, IsNew: true);
    }

    /// <param name="IsNew">Whether the account was made by it.</param>
    private sealed record Opened(Guid SignIn, SignInStep Step, bool IsNew);

    /// <param name="Method"><c>code</c> or <c>link</c>.</param>
    private readonly record struct NewAccount(string Method, PersonName? Name);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "User {UserId} signed in by code; session {SessionId}")]
        public static partial void SignedIn(ILogger logger, Guid userId, Guid sessionId);

        [LoggerMessage(2, LogLevel.Information, "A sign-in by code was rejected: {Code}")]
        public static partial void Refused(ILogger logger, string code);
    }
}
