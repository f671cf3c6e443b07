using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Passwords.Foreign;
using Gatehouse.Identity.Values;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Administration;

/// <summary>
/// Makes a user as an administrator of the tenant says, or an operator (<c>gatehouse user create</c>). They vouch for the address or
/// number, which counts as proved. The rules are those of a registration. Without a password the user sets one: by the message
/// that may go out with it, or by a password reset.
/// <para>Publishes <c>user.registered.v1</c>, <c>user.verified.v1</c>.</para>
/// <para>Says whether the address has an account: they may know.</para>
/// </summary>
internal static partial class CreateUser
{
    public const string Template = "account-created";

    public sealed record Request : IUserDetails
    {
        [Description("E-mail address. It counts as verified. Send this or phoneNumber.")]
        [MaxLength(EmailAddress.MaxLength)]
        public string? Email { get; init; }

        [Description("Mobile number with + and the country code, or with region. It counts as verified. Send this or email.")]
        [MaxLength(Values.PhoneNumber.MaxLength)]
        public string? PhoneNumber { get; init; }

        [Description(Regions.Description)]
        [MaxLength(2)]
        public string? Region { get; init; }

        [Description("The display name as others should read it, 1 to 100 characters.")]
        [Required, MaxLength(PersonName.MaxLength)]
        public string? Name { get; init; }

        [Description("Optional public name, can be used to sign in.")]
        [MaxLength(Values.Username.MaxLength)]
        public string? Username { get; init; }

        [Description("Optional. The same rules apply as at registration. Without it the user chooses one by a link.")]
        [MaxLength(PasswordInput.MaxLength)]
        public string? Password { get; init; }

        [Description(ImportedHash.Description)]
        [MaxLength(ForeignHash.MaxLength)]
        public string? PasswordHash { get; init; }

        [Description("Language of messages: en, hi or es. By default the language of the request.")]
        public string? PreferredLanguage { get; init; }

        [Description("Whether to send the user a link or a code to choose a password. By default true, and false with passwordHash.")]
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
            .WithDescription(
                "The e-mail address or phone number counts as verified. Unless sendEmail is false, the user is sent what it takes "
                    + "to choose a password. A hash from another system (passwordHash) is taken from who may import users."
            )
            .Produces<ManagedUser>(StatusCodes.Status201Created)
            .ProducesProblems(409)
            .RequirePermission(AdministrationArea.WriteUsers);

    internal sealed partial class Handler(
        Database database,
        NewUser newUser,
        UserCreation creation,
        UserDetailsReader reader,
        PictureAddresses pictures,
        PasswordCosts costs,
        BlindIndex blindIndex,
        ILogger<Handler> logger
    )
    {
        /// <param name="actor">Its language becomes the user's where none is given.</param>
        public async Task<Outcome<ManagedUser>> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            if (request.PasswordHash is not null && !MayImport(actor))
                return RequestErrors.Forbidden;
            var imported = ImportedHash.Parse(request.PasswordHash, request.Password, errors);
            var contact = ContactInput.Parse(request.Email, request.PhoneNumber, request.Region, errors);
            var details = await reader.ReadAsync(request, contact, errors, actor, cancellationToken);
            if (details.Error is { } rejection)
                return rejection;

            var user = details.Value;
            var index = blindIndex.Compute(actor.Tenant.Id, contact!.Kind, contact.Canonical);
            var by = actor.IsOperator ? "operator" : "administrator";
            var attributes = new NewUser.Attributes(
                user.Name,
                contact,
                BlindIndex.Version,
                index,
                user.Username,
                imported ?? user.Password,
                user.Language
            )
            {
                Origin = by,
                Method = by,
            };
            var outcome = await database.InTransactionAsync(
                "user.create",
                async tx =>
                {
                    if (imported is not null)
                        await costs.NoteAsync(tx, imported);
                    return await CreateAsync(tx, attributes, request.SendEmail ?? imported is null, actor, cancellationToken);
                },
                cancellationToken
            );
            if (outcome.Error is { } error)
                return error;

            await newUser.ConfirmKeyAsync(outcome.Value.Id);
            Log.Created(logger, outcome.Value.Id);
            return outcome;
        }

        // What hashes cost is felt by every failed sign-in of the installation.
        private static bool MayImport(Actor actor) => actor.IsOperator || actor.RequiredAccess.Allows(AdministrationArea.ImportUsers.Name);

        private async Task<Outcome<ManagedUser>> CreateAsync(
            Transaction tx,
            NewUser.Attributes attributes,
            bool sendsLink,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var created = await creation.CreateAsync(tx, attributes, sendsLink, actor, cancellationToken);
            return created.Error is { } error ? error : ManagedUser.Of(created.Value.User.Row, created.Value.Key, tx.Now, pictures);
        }

        private static partial class Log
        {
            [LoggerMessage(1, LogLevel.Information, "User {UserId} was created by an operator or administrator")]
            public static partial void Created(ILogger logger, Guid userId);
        }
    }
}
