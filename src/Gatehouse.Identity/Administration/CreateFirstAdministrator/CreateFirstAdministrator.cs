using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Tokens;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Administration;

/// <summary>
/// Makes the first platform administrator of who has the link from the log, and signs them in. The link is used up with it; of two who use
/// it at once, the lock of its row lets one through. Whoever has it vouches for the address.
/// <para>Publishes <c>user.registered.v1</c>, <c>user.verified.v1</c>, <c>user.roles-changed.v1</c>, <c>session.started.v1</c>.</para>
/// <para>Says whether the address has an account: who operates the installation may know. The link stays good then.</para>
/// </summary>
internal static partial class CreateFirstAdministrator
{
    public sealed record Request
    {
        public string? Token { get; init; }

        public string? Email { get; init; }

        public string? Name { get; init; }

        public string? Password { get; init; }

        public override string ToString() => "[first administrator]";
    }

    internal sealed partial class Handler(
        Database database,
        FirstAdministratorLink link,
        NewUser newUser,
        BlindIndex blindIndex,
        NewPasswords newPasswords,
        PasswordHasher hasher,
        CompleteSignIn completeSignIn,
        TimeProvider clock,
        ILogger<Handler> logger
    )
    {
        /// <summary>Null for a link that is none, was used or is over.</summary>
        public async Task<LinkToken?> OpenAsync(string? token, CancellationToken cancellationToken) =>
            LinkToken.Parse(token, "token", new ValidationErrors()) is { } parsed
            && await database.QueryAsync(db => link.IsValidAsync(db, parsed, clock.GetUtcNow()), cancellationToken)
                ? parsed
                : null;

        public async Task<Outcome<SignedIn>> HandleAsync(Request request, Actor actor, CancellationToken cancellationToken)
        {
            // First: nobody else makes the server hash.
            if (await OpenAsync(request.Token, cancellationToken) is not { } token)
                return RequestErrors.NotFound;
            var errors = new ValidationErrors();
            var email = EmailAddress.Parse(request.Email, "email", errors);
            var name = PersonName.Parse(request.Name, "name", errors);
            var typed = PasswordInput.Parse(request.Password, "password", errors);
            var context = new PasswordContext(actor.Tenant.DisplayName, name, username: null, email);
            var password = typed is null
                ? null
                : await newPasswords.AcceptAsync(typed, context, "password", errors, actor, cancellationToken);
            if (errors.Any || email is null || name is null || password is null)
                return RequestErrors.InvalidWith(errors);
            var hashed = await hasher.HashAsync(password, actor.Client, cancellationToken);
            if (hashed.Error is { } busy)
                return busy;

            var index = blindIndex.Compute(actor.Tenant.Id, Users.EmailKind, email.Canonical);
            var attributes = new NewUser.Attributes(name, email, BlindIndex.Version, index, null, hashed.Value, actor.Language)
            {
                Origin = "operator",
                Method = "operator",
            };
            var outcome = await database.InTransactionAsync(
                "first-administrator.create",
                tx => CreateAsync(tx, token, attributes, actor with { IsOperator = true }, cancellationToken),
                cancellationToken
            );
            if (outcome.Error is { } error)
                return error;
            await newUser.ConfirmKeyAsync(outcome.Value.User.Id);
            Log.Created(logger, outcome.Value.User.Id);
            return outcome;
        }

        private async Task<Outcome<SignedIn>> CreateAsync(
            Transaction tx,
            LinkToken token,
            NewUser.Attributes attributes,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            if (!await link.LockAsync(tx, token))
                return RequestErrors.NotFound;
            var inserted = await newUser.InsertAsync(tx, actor.Tenant.Id, attributes, cancellationToken);
            if (inserted.Error is { } taken)
                return taken;
            var (key, user) = inserted.Value;
            tx.Record(AuditRecord.Of(actor, "user.created").WithFact("method", "first-administrator-link") with { Subject = key.Subject });
            await link.AppointAsync(tx, key.Subject, actor);
            var signedIn = await completeSignIn.BeginAsync(tx, user, key, actor, FirstFactor.NewPassword, device: null);
            await user.SaveAsync(tx);
            return signedIn;
        }

        private static partial class Log
        {
            [LoggerMessage(1, LogLevel.Information, "User {UserId} was created as the first platform administrator")]
            public static partial void Created(ILogger logger, Guid userId);
        }
    }
}
