using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Challenges;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Factors;

/// <summary>What a user has beside the first factor, without any of its secrets.</summary>
internal static class ListFactors
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/me/factors",
                async (Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(http.Actor(), http.RequestAborted)).ToResult(response => TypedResults.Ok(response))
            )
            .WithName(nameof(ListFactors))
            .WithSummary("List the own second factors")
            .Produces<FactorsView>()
            .RequireSignIn()
            .AllowBeforeEnrollment();

    internal sealed class Handler(Database database)
    {
        public Task<Outcome<FactorsView>> HandleAsync(Actor actor, CancellationToken cancellationToken) =>
            database.QueryAsync(db => ReadAsync(db, actor), cancellationToken);

        private static async Task<Outcome<FactorsView>> ReadAsync(DbSession db, Actor actor)
        {
            var settings = actor.Tenant.Settings;
            if (await StoredUser.FindAsync(db, actor.Tenant.Id, actor.RequiredUser.Id) is not { } user)
                return RequestErrors.Unauthenticated;
            return new FactorsView
            {
                Factors = await ItemsAsync(db, user),
                RecoveryCodesLeft = await RecoveryCodes.CountAsync(db, user),
                Allowed = settings.SecondFactor == Contracts.Tenants.SecondFactorPolicy.Off ? [] : settings.SecondFactors,
                Required = await MissingFactor.IsRequiredAsync(db, user, settings),
                DueAt = user.SecondFactorDueAt,
            };
        }

        internal static Task<IReadOnlyList<FactorView>> ItemsAsync(DbSession db, StoredUser user) =>
            db.ListAsync<FactorView>(
                """
                select 'totp' as factor, confirmed_at as added_at, last_used_at from identity.totp
                 where tenant_id = @TenantId and user_id = @Id and confirmed_at is not null
                union all
                select factor, confirmed_at, last_used_at from identity.sent_code_factors
                 where tenant_id = @TenantId and user_id = @Id and confirmed_at is not null
                union all
                select 'passkey', created_at, last_used_at from identity.passkeys where tenant_id = @TenantId and user_id = @Id
                 order by added_at
                """,
                new { user.TenantId, user.Id }
            );
    }
}

/// <summary>What a user has beside the first factor, and what the tenant asks for.</summary>
public sealed record FactorsView
{
    public required IReadOnlyList<FactorView> Factors { get; init; }

    [Description("Recovery codes that were not used yet.")]
    public required int RecoveryCodesLeft { get; init; }

    [Description("Factors that the tenant lets count: passkey, totp, sms, email.")]
    public required IReadOnlyList<string> Allowed { get; init; }

    [Description("Whether the tenant asks this user for one.")]
    public required bool Required { get; init; }

    [Description("From when on a sign-in lets the user do nothing but add one, in UTC; null while nothing is due.")]
    public DateTimeOffset? DueAt { get; init; }
}

/// <summary>A second factor of a user.</summary>
public sealed record FactorView
{
    [Description("passkey, totp, sms or email.")]
    public required string Factor { get; init; }

    public required DateTimeOffset AddedAt { get; init; }

    [Description("When it was last used to sign in or to prove it again, in UTC; null for never.")]
    public DateTimeOffset? LastUsedAt { get; init; }
}
