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
/// Makes a user as an operator says (<c>gatehouse user create</c>). The operator vouches for the address, which counts as proved; nothing is
/// sent to it. The rules are those of a registration. Without a password the person sets one by a password reset.
/// <para>Publishes <c>user.registered.v1</c>, <c>user.verified.v1</c>.</para>
/// <para>Says whether the address has an account: an operator may know.</para>
/// </summary>
internal static partial class CreateUser
{
    /// <param name="Username">Null for none.</param>
    /// <param name="Password">Null for none.</param>
    internal sealed record Request(string? Email, string? Name, string? Username, string? Password)
    {
        public override string ToString() => "[user]";
    }

    internal sealed partial class Handler(
        Database database, NewUser newUser, BlindIndex blindIndex, NewPasswords newPasswords, PasswordHasher hasher, ILogger<Handler> logger)
    {
        /// <param name="caller">Its language becomes the user's.</param>
        public async Task<Outcome<Guid>> HandleAsync(Request request, Caller caller, CancellationToken cancellationToken)
        {
            var faults = new Faults();
            var email = EmailAddress.Parse(request.Email, "email", faults);
            var name = PersonName.Parse(request.Name, "name", faults);
            var username = request.Username is null ? null : Username.Parse(request.Username, "username", faults);
            var typed = request.Password is null ? null : TypedPassword.Parse(request.Password, "password", faults);
            var context = new PasswordContext(caller.Tenant.DisplayName, name, username, email);
            var password = typed is null ? null : await newPasswords.AcceptAsync(typed, context, "password", faults, caller, cancellationToken);
            if (faults.Any || email is null || name is null) return RequestErrors.InvalidWith(faults);

            string? hash = null;
            if (password is not null)
            {
                var hashed = await hasher.HashAsync(password, caller.Client, cancellationToken);
                if (hashed.Error is { } busy) return busy;
                hash = hashed.Value.Reveal();
            }

            var index = blindIndex.Compute(caller.Tenant.Id, Users.EmailKind, email.Canonical);
            var person = new NewUser.Person(name.Value, email.Delivery, BlindIndex.Version, index, username?.Typed, username?.Key, hash, caller.Language)
            {
                Origin = "operator",
                Method = "operator",
            };
            var outcome = await database.TransactAsync("user.create", tx => CreateAsync(tx, person, caller, cancellationToken), cancellationToken);
            if (outcome.Error is { } error) return error;

            await newUser.SettleKeysAsync(outcome.Value, registration: null);
            Log.Created(logger, outcome.Value);
            return outcome;
        }

        private async Task<Outcome<Guid>> CreateAsync(Tx tx, NewUser.Person person, Caller caller, CancellationToken cancellationToken)
        {
            var inserted = await newUser.InsertAsync(tx, caller.Tenant.Id, person, cancellationToken);
            if (inserted.Error is { } taken) return taken;
            var id = inserted.Value.Subject;
            tx.Record(new AuditRecord(caller.Tenant.Id, "user.created") { ActorKind = "operator", Subject = id });
            return id;
        }

        private static partial class Log
        {
            [LoggerMessage(1, LogLevel.Information, "An operator made user {UserId}")]
            public static partial void Created(ILogger logger, Guid userId);
        }
    }
}
