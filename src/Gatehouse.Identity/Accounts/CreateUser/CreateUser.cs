using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Values;
using Gatehouse.Web;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Accounts;

/// <summary>
/// Makes a user as an operator says (<c>gatehouse user create</c>). The operator vouches for the address, which counts as proved; nothing
/// is sent to it. The rules are those of a registration. Without a password the user sets one by a password reset.
/// <para>Publishes <c>user.registered.v1</c>, <c>user.verified.v1</c>.</para>
/// <para>Says whether the address has an account: an operator may know.</para>
/// </summary>
internal static partial class CreateUser
{
    internal sealed record Request
    {
        public required string? Email { get; init; }

        public required string? Name { get; init; }

        /// <summary>Null for none.</summary>
        public required string? Username { get; init; }

        /// <summary>Null for none.</summary>
        public required string? Password { get; init; }

        public override string ToString() => "[user]";
    }

    internal sealed partial class Handler(
        Database database,
        NewUser newUser,
        BlindIndex blindIndex,
        NewPasswords newPasswords,
        PasswordHasher hasher,
        ILogger<Handler> logger
    )
    {
        /// <param name="actor">Its language becomes the user's.</param>
        public async Task<Outcome<Guid>> HandleAsync(Request request, Actor actor, CancellationToken cancellationToken)
        {
            var errors = new ValidationErrors();
            var email = EmailAddress.Parse(request.Email, "email", errors);
            var name = PersonName.Parse(request.Name, "name", errors);
            var username = Username.ParseOptional(request.Username, "username", errors);
            var typed = request.Password is null ? null : PasswordInput.Parse(request.Password, "password", errors);
            var context = new PasswordContext(actor.Tenant.DisplayName, name, username, email);
            var password = typed is null
                ? null
                : await newPasswords.AcceptAsync(typed, context, "password", errors, actor, cancellationToken);
            if (errors.Any || email is null || name is null)
                return RequestErrors.InvalidWith(errors);

            PasswordHash? hash = null;
            if (password is not null)
            {
                var hashed = await hasher.HashAsync(password, actor.Client, cancellationToken);
                if (hashed.Error is { } busy)
                    return busy;
                hash = hashed.Value;
            }

            var index = blindIndex.Compute(actor.Tenant.Id, Users.EmailKind, email.Canonical);
            var attributes = new NewUser.Attributes(name, email, BlindIndex.Version, index, username, hash, actor.Language)
            {
                Origin = "operator",
                Method = "operator",
            };
            var outcome = await database.InTransactionAsync(
                "user.create",
                tx => CreateAsync(tx, attributes, actor, cancellationToken),
                cancellationToken
            );
            if (outcome.Error is { } error)
                return error;

            await newUser.ConfirmKeyAsync(outcome.Value);
            Log.Created(logger, outcome.Value);
            return outcome;
        }

        private async Task<Outcome<Guid>> CreateAsync(
            Transaction tx,
            NewUser.Attributes attributes,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var inserted = await newUser.InsertAsync(tx, actor.Tenant.Id, attributes, cancellationToken);
            if (inserted.Error is { } taken)
                return taken;
            var id = inserted.Value.Key.Subject;
            tx.Record(new AuditRecord(actor.Tenant.Id, "user.created") { ActorKind = "operator", Subject = id });
            return id;
        }

        private static partial class Log
        {
            [LoggerMessage(1, LogLevel.Information, "An operator created user {UserId}")]
            public static partial void Created(ILogger logger, Guid userId);
        }
    }
}
