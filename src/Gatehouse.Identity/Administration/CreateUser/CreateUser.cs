using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Recovery;
using Gatehouse.Identity.Values;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Administration;

/// <summary>
/// Makes a user as an administrator of the tenant says, or an operator (<c>gatehouse user create</c>). They vouch for the address, which
/// counts as proved. The rules are those of a registration. Without a password the user sets one: by the mail that may go out with
/// it, or by a password reset.
/// <para>Publishes <c>user.registered.v1</c>, <c>user.verified.v1</c>.</para>
/// <para>Says whether the address has an account: they may know.</para>
/// </summary>
internal static partial class CreateUser
{
    public const string Template = "account-created";

    public sealed record Request
    {
        [Description("E-mail address. It counts as verified.")]
        [Required, MaxLength(EmailAddress.MaxLength)]
        public string? Email { get; init; }

        [Description("The display name as others should read it, 1 to 100 characters.")]
        [Required, MaxLength(PersonName.MaxLength)]
        public string? Name { get; init; }

        [Description("Optional public name, can be used to sign in.")]
        [MaxLength(Values.Username.MaxLength)]
        public string? Username { get; init; }

        [Description("Optional. The same rules apply as at registration. Without it the user chooses one by a link.")]
        [MaxLength(PasswordInput.MaxLength)]
        public string? Password { get; init; }

        [Description("E-mail language: en, hi or es. By default the language of the request.")]
        public string? PreferredLanguage { get; init; }

        [Description("Whether to send the user a link to choose a password; true by default. False sends nothing.")]
        public bool? SendEmail { get; init; }

        public override string ToString() => "[user]";
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/users",
                async (JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(body.Input, http.Actor(), http.RequestAborted)).ToResult(user =>
                        http.Tagged(user, user.Tag(), StatusCodes.Status201Created)
                    )
            )
            .WithName(nameof(CreateUser))
            .WithSummary("Create a user")
            .WithDescription("The e-mail address counts as verified. Unless sendEmail is false, the user gets a link to choose a password.")
            .Produces<ManagedUser>(StatusCodes.Status201Created)
            .ProducesProblems(409)
            .RequirePermission(AdministrationArea.WriteUsers);

    internal sealed partial class Handler(
        Database database,
        NewUser newUser,
        BlindIndex blindIndex,
        NewPasswords newPasswords,
        PasswordHasher hasher,
        PasswordResets resets,
        ILogger<Handler> logger
    )
    {
        /// <param name="actor">Its language becomes the user's where none is given.</param>
        public async Task<Outcome<ManagedUser>> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            var email = EmailAddress.Parse(request.Email, "email", errors);
            var name = PersonName.Parse(request.Name, "name", errors);
            var username = Username.ParseOptional(request.Username, "username", errors);
            var typed = request.Password is null ? null : PasswordInput.Parse(request.Password, "password", errors);
            var language = TextInput.IsBlank(request.PreferredLanguage) ? actor.Language : request.PreferredLanguage!;
            if (!Languages.All.Contains(language, StringComparer.Ordinal))
                errors.Add(
                    "preferredLanguage",
                    ValidationCodes.UnknownValue,
                    TextInput.Limits(("allowed", string.Join(", ", Languages.All)))
                );
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
            var by = actor.IsOperator ? "operator" : "administrator";
            var attributes = new NewUser.Attributes(name, email, BlindIndex.Version, index, username, hash, language)
            {
                Origin = by,
                Method = by,
            };
            var outcome = await database.InTransactionAsync(
                "user.create",
                tx => CreateAsync(tx, attributes, request.SendEmail ?? true, actor, cancellationToken),
                cancellationToken
            );
            if (outcome.Error is { } error)
                return error;

            await newUser.ConfirmKeyAsync(outcome.Value.Id);
            Log.Created(logger, outcome.Value.Id);
            return outcome;
        }

        private async Task<Outcome<ManagedUser>> CreateAsync(
            Transaction tx,
            NewUser.Attributes attributes,
            bool sendEmail,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var inserted = await newUser.InsertAsync(tx, actor.Tenant.Id, attributes, cancellationToken);
            if (inserted.Error is { } taken)
                return taken;
            var (key, user) = inserted.Value;
            var record = AuditRecord.Of(actor, "user.created") with { Subject = key.Subject };
            if (sendEmail)
            {
                var identifier = Identifier.Of(attributes.Contact);
                var reset = await resets.BeginAsync(tx, identifier, Template, actor, cancellationToken);
                record = record.WithFact("reset", reset.Id.ToString());
            }

            tx.Record(record);
            return ManagedUser.Of(user.Row, key, tx.Now);
        }

        private static partial class Log
        {
            [LoggerMessage(1, LogLevel.Information, "User {UserId} was created by an operator or administrator")]
            public static partial void Created(ILogger logger, Guid userId);
        }
    }
}
