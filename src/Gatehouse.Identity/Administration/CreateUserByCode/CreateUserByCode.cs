using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;
using Gatehouse.Messaging;
using Gatehouse.Web;
using Gatehouse.Web.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Administration;

/// <summary>
/// Creates a user whose address or number was proved by a code (<see cref="StartVerification"/>), in the background.
/// <para>Flow: parse everything → hash the password → one transaction: the operation and its job. All that depends on others, the code
/// included, is decided by the job (<see cref="CreateQueuedUser"/>).</para>
/// </summary>
internal static partial class CreateUserByCode
{
    public sealed record Request : IUserDetails
    {
        [Description("The verification that the code belongs to, begun by the same caller.")]
        [Required, MaxLength(36)]
        public string? VerificationId { get; init; }

        [Description("The digits of the code. A wrong one uses one of five attempts.")]
        [Required, MaxLength(8)]
        public string? Code { get; init; }

        [Description("The display name as others should read it, 1 to 100 characters.")]
        [Required, MaxLength(PersonName.MaxLength)]
        public string? Name { get; init; }

        [Description("Optional public name, can be used to sign in.")]
        [MaxLength(Values.Username.MaxLength)]
        public string? Username { get; init; }

        [Description("Optional. The same rules apply as at registration. Without it the user chooses one by a link.")]
        [MaxLength(PasswordInput.MaxLength)]
        public string? Password { get; init; }

        [Description("Language of messages: en, hi or es. By default the language of the request.")]
        public string? PreferredLanguage { get; init; }

        [Description("Whether to send the user a link or a code to choose a password; true by default. False sends nothing.")]
        public bool? SendEmail { get; init; }

        public override string ToString() => "[user]";
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/user-creations",
                async (JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(body.Input, http.Actor(), http.RequestAborted)).ToResult(operation =>
                        operation.Accepted(http)
                    )
            )
            .WithName(nameof(CreateUserByCode))
            .WithSummary("Create a user by code")
            .WithDescription(
                "Starts an operation, whose result is {userId}: read it at the address in Location, or watch it live. A wrong or expired "
                    + "code and a taken username, address or number let the operation fail; with another username the same code stays "
                    + "valid."
            )
            .Produces<OperationView>(StatusCodes.Status202Accepted)
            .ProducesProblems(404, 409)
            .RequirePermission(AdministrationArea.WriteUsers)
            .AcceptIdempotencyKey();

    internal sealed partial class Handler(
        Database database,
        Verifications verifications,
        UserCreationVerification purpose,
        SubjectKeys subjectKeys,
        UserDetailsReader reader,
        TimeProvider clock,
        ILogger<Handler> logger
    )
    {
        public async Task<Outcome<OperationView>> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            var id = ParseId(request.VerificationId, errors);
            var code = OneTimeCode.Parse(request.Code, purpose.CodeDigits, "code", errors);
            var begun = id is { } typed ? await FindAsync(typed, actor, cancellationToken) : purpose.NotFound;
            var contact = begun.Succeeded ? begun.Value.Contact : null;
            var details = await reader.ReadAsync(request, contact, errors, actor, cancellationToken, begun.Error);
            if (details.Error is { } error)
                return error;

            var key = begun.Value.Key;
            var queued = QueuedUser.Of(
                actor,
                key.Subject,
                verifications.HashOf(purpose, key.Subject, code!),
                key.Encrypt(QueuedUserDetails.Of(details.Value, request.SendEmail ?? true, actor))
            );
            var started = await database.InTransactionAsync(
                "user-creation.start",
                tx =>
                {
                    var operation = tx.StartOperation<CreateQueuedUser>(actor, queued.ToPayload());
                    tx.Record(
                        AuditRecord
                            .Of(actor, "user.creation-requested")
                            .WithFact("verification", $"{key.Subject}")
                            .WithFact("operation", $"{operation}")
                    );
                    return Task.FromResult(OperationView.Started<CreateQueuedUser>(operation, tx.Now));
                },
                cancellationToken
            );
            Log.Queued(logger, started.Id);
            return started;
        }

        private static Guid? ParseId(string? input, ValidationErrors errors)
        {
            if (TextInput.IsBlank(input))
                errors.Add("verificationId", ValidationCodes.Required);
            else if (Guid.TryParse(input, out var id))
                return id;
            else
                errors.Add("verificationId", ValidationCodes.InvalidText);
            return null;
        }

        private async Task<Outcome<(SubjectKey Key, IContact Contact)>> FindAsync(Guid id, Actor actor, CancellationToken cancellationToken)
        {
            var pending = await database.QueryAsync(
                db => verifications.FindAsync(db, purpose, actor.Tenant.Id, id, clock.GetUtcNow()),
                cancellationToken
            );
            if (pending is null)
                return purpose.NotFound;
            if (UserCreationPayload.Of(pending) is not { } payload)
                return purpose.Completed;
            if (!payload.IsOf(actor) || await subjectKeys.FindAsync(id, cancellationToken) is not { } key)
                return purpose.NotFound;
            return (key, payload.Open(key));
        }

        private static partial class Log
        {
            [LoggerMessage(1, LogLevel.Information, "Creation of a user was queued as operation {OperationId}")]
            public static partial void Queued(ILogger logger, Guid operationId);
        }
    }
}
