using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Captcha;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Tokens;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Accounts;

/// <summary>
/// Starts a registration: the user says who they are, and a code goes to the address or phone number to prove it is theirs,
/// to an address with a link.
/// <para>Flow: does the tenant let anybody register → captcha → parse everything → is the (public) username free → hash the password, where
/// passwords sign in → one transaction: quota of the address or number, key of the registration, pending row, event. Nothing else of the
/// account exists until the proof (ConfirmContact).</para>
/// <para>Publishes <c>notification.requested.v1</c>.</para>
/// <para>Does not reveal whether the address has an account: answer, work and stored row are the same; its owner is told by a message. Nor
/// whether its quota is used up: then the message goes nowhere, and all else is the same. Except for a role with sign-in before
/// verification: then an address without an account is answered with tokens beside, and one with an account is not.</para>
/// </summary>
internal static partial class RegisterUser
{
    public const string RegistrationCodeUnknown = "identity.registration-code-unknown";
    public const string PasswordNotOffered = "identity.password-not-offered";

    public const int MaxRegistrationCode = 32;
    public const int MaxRole = 64;

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/registrations",
                async (JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(body.Input, http.Actor(), MayHoldTokens(http), http.RequestAborted)).ToResult(response =>
                        TypedResults.Json(response, statusCode: StatusCodes.Status202Accepted)
                    )
            )
            .WithName(nameof(RegisterUser))
            .WithSummary("Start a registration")
            .WithDescription(
                "Sends a code and a link to the e-mail address, or a code to the phone number. "
                    + "The response is the same if it already has an account. A tenant can close registration, or either of the two. "
                    + "A role that is named must be open for registration; the user has it once the address or number is verified. "
                    + "If the role has sign-in before verification, the response for an unknown address holds tokens beside."
            )
            .Produces<Response>(StatusCodes.Status202Accepted)
            .ProducesProblems(403, 409)
            .AllowAnonymous()
            .LimitBy(AccountsArea.RegisterLimit)
            .AcceptIdempotencyKey();

    // An answer that is kept to be repeated holds no tokens.
    private static bool MayHoldTokens(HttpContext http) => !http.Request.Headers.ContainsKey("Idempotency-Key");

    internal sealed partial class Handler(
        Database database,
        CaptchaGuard captcha,
        Verifications verifications,
        RegistrationVerification purpose,
        BlindIndex blindIndex,
        NewPasswords newPasswords,
        NewUser newUser,
        UnverifiedUsers unverified,
        PasswordHasher hasher,
        RegistrationMessage message,
        IRegistrationPlacement placement,
        IRegistrationRoles roles,
        RegistrationOptions options,
        RegistrationMetrics metrics,
        TimeProvider clock,
        ILogger<Handler> logger
    )
    {
        /// <param name="mayHoldTokens">Whether the answer may hold those of a role with sign-in before verification.</param>
        public async Task<Outcome<Response>> HandleAsync(
            Input<Request> input,
            Actor actor,
            bool mayHoldTokens,
            CancellationToken cancellationToken
        )
        {
            if (!actor.Tenant.Settings.RegistrationIsOpen)
                return AccountsErrors.RegistrationClosed;
            var (request, errors) = input;
            if (
                await captcha.CheckAsync(CaptchaOperation.Registration, request.CaptchaToken, errors, actor, cancellationToken) is
                { } unproved
            )
                return unproved;
            var role = await FindRoleAsync(request.Role, errors, actor, cancellationToken);
            var contact = ContactInput.Parse(request, RoleTerms.Narrow(actor.Tenant.Settings, role), errors);
            var name = PersonName.Parse(request.Name, "name", errors);
            var more = MoreDetails.Parse(request, role, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime), errors);
            var username = Username.ParseOptional(request.Username, "username", errors);
            var terms = AcceptedTerms.Check(actor.Tenant.Terms, request.AcceptedTerms, "acceptedTerms", errors);
            var context = new PasswordContext(actor.Tenant.DisplayName, name, username, contact);
            var password = await AcceptPasswordAsync(request.Password, context, errors, actor, cancellationToken);
            var organization = await FindOrganizationAsync(request.RegistrationCode, errors, actor, cancellationToken);
            if (errors.Any || contact is null || name is null)
                return RequestErrors.InvalidWith(errors);

            // Usernames are public, so a taken one may be said; it is, before anything that depends on the address or number.
            if (username is not null && ReservedUsernames.Contains(username, actor.Tenant.DisplayName, options.ReservedUsernames))
                return AccountsErrors.UsernameTaken;
            if (
                username is not null
                && await database.QueryAsync(db => Usernames.IsTakenAsync(db, actor.Tenant.Id, username), cancellationToken)
            )
                return AccountsErrors.UsernameTaken;

            PasswordHash? hash = null;
            if (password is not null)
            {
                var hashed = await hasher.HashAsync(password, actor.Client, cancellationToken);
                if (hashed.Error is { } busy)
                    return busy;
                hash = hashed.Value;
            }

            var start = new Start(contact, name, username, hash, blindIndex.Compute(actor.Tenant.Id, contact.Kind, contact.Canonical))
            {
                OrganizationId = organization,
                More = more,
                Role = role,
                AcceptedTerms = terms,
                SignsIn = mayHoldTokens && role?.SignsInBeforeVerification == true,
            };
            var outcome = await database.InTransactionAsync(
                "registration.start",
                tx => StartAsync(tx, start, actor, cancellationToken),
                cancellationToken
            );
            if (outcome.Succeeded)
            {
                if (outcome.Value.User is { } early)
                    await newUser.ConfirmKeyAsync(early.Id);
                metrics.RegistrationStarted();
                Log.Started(logger, outcome.Value.RegistrationId);
            }

            return outcome;
        }

        /// <summary>Null with an error; where only codes sign in there is none, and one that was sent is the error.</summary>
        private async Task<AcceptedPassword?> AcceptPasswordAsync(
            string? sent,
            PasswordContext context,
            ValidationErrors errors,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            if (actor.Tenant.Settings.SignsInByPassword)
                return PasswordInput.Parse(sent, "password", errors) is { } typed
                    ? await newPasswords.AcceptAsync(typed, context, "password", errors, actor, cancellationToken)
                    : null;
            if (!string.IsNullOrEmpty(sent))
                errors.Add("password", PasswordNotOffered);
            return null;
        }

        /// <summary>The organization that the code names; null without a code, and with an error for an unknown one.</summary>
        private async ValueTask<Guid?> FindOrganizationAsync(
            string? typed,
            ValidationErrors errors,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            if (string.IsNullOrWhiteSpace(typed))
                return null;
            if (TextInput.Clean(typed, "registrationCode", MaxRegistrationCode, errors) is not { } code)
                return null;
            var organization = await placement.FindByCodeAsync(actor.Tenant.Id, code, cancellationToken);
            if (organization is null)
                errors.Add("registrationCode", RegistrationCodeUnknown);
            return organization;
        }

        /// <summary>The open role of that name; null without one, and with an error for one that is not open.</summary>
        private async Task<RegistrationRole?> FindRoleAsync(
            string? typed,
            ValidationErrors errors,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            if (TextInput.IsBlank(typed) || TextInput.Clean(typed, "role", MaxRole, errors) is not { } name)
                return null;
            var role = await database.QueryAsync(db => roles.FindOpenAsync(db, actor.Tenant.Id, name), cancellationToken);
            if (role is null)
                errors.Add("role", AccountsErrors.RoleNotOpen.Code);
            return role;
        }

        private async Task<Outcome<Response>> StartAsync(Transaction tx, Start start, Actor actor, CancellationToken cancellationToken)
        {
            var tenant = actor.Tenant.Id;
            var isSent = await verifications.TakeMessageAsync(
                tx,
                tenant,
                CodeQuota.Registration,
                BlindIndex.Version,
                start.Index,
                options.CodesPerAddressAndDay
            );
            var known = await Users.ContactIsKnownAsync(tx, tenant, start.Contact.Kind, BlindIndex.Version, start.Index);
            var details = RegistrationDetails.Of(start.Contact, start.Name, start.Username, start.More);
            var to = new RegistrationMessage.To(known, isSent) { Role = start.Role };
            SignedIn? early = null;
            if (start.SignsIn && to.IsVerifiable)
            {
                var created = await unverified.CreateAsync(
                    tx,
                    details,
                    start.Password,
                    start.AcceptedTerms,
                    tx.Now + purpose.Lifetime,
                    actor,
                    cancellationToken
                );
                if (created.Error is { } taken)
                    return taken;
                early = created.Value;
            }

            var key = await verifications.CreateKeyAsync(tx, purpose, tenant, cancellationToken);
            var hashes = message.Send(tx, actor.Tenant, key, details, actor.Language, to);
            var payload = new RegistrationPayload(key.Encrypt(details), start.Password, actor.Language)
            {
                OrganizationId = start.OrganizationId,
                RoleId = start.Role?.Id,
                LeadsWithLink = to.LeadsWithLink(start.Contact),
                UserId = early?.User.Id,
                AcceptedTerms = early is null ? start.AcceptedTerms : null,
                AcceptedTermsAt = tx.Now,
            };
            var pending = await verifications.BeginAsync(
                tx,
                purpose,
                tenant,
                key,
                payload,
                RegistrationPayloadJson.Default.RegistrationPayload,
                hashes,
                new VerificationTarget(start.Contact.Channel, start.Index)
            );
            tx.Record(AuditRecord.Of(actor, "registration.started").WithRegistration(pending.Id).WithFact("sent", isSent ? "yes" : "no"));

            return new Response
            {
                RegistrationId = pending.Id,
                Channel = pending.Channel,
                MaskedTarget = start.Contact.Masked,
                ExpiresAt = pending.CodeExpiresAt,
                ResendAfter = purpose.ResendAfter(pending, tx.Now),
                Verification =
                    start.Role is null ? null
                    : payload.LeadsWithLink ? "link"
                    : "code",
                User = early?.User,
                Tokens = early?.Tokens,
                DeviceToken = early?.DeviceToken,
            };
        }

        private sealed record Start(IContact Contact, PersonName Name, Username? Username, PasswordHash? Password, BlindIndexEntry Index)
        {
            public Guid? OrganizationId { get; init; }

            public required MoreDetails More { get; init; }

            public required RegistrationRole? Role { get; init; }

            /// <summary>Null where the tenant has no terms.</summary>
            public required string? AcceptedTerms { get; init; }

            /// <summary>Whether the user is signed in before the address is verified.</summary>
            public required bool SignsIn { get; init; }
        }

        private static partial class Log
        {
            [LoggerMessage(1, LogLevel.Information, "Registration {RegistrationId} started")]
            public static partial void Started(ILogger logger, Guid registrationId);
        }
    }
}
