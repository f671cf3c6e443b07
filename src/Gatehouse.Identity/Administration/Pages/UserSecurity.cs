using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Authenticators;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Factors;

namespace Gatehouse.Identity.Administration;

/// <summary>What a user has beside the password, as administrators see it: never a number, an address or a secret.</summary>
public sealed record UserSecurity
{
    public static readonly UserSecurity None = new();

    public IReadOnlyList<UserFactor> Factors { get; init; } = [];

    public int RecoveryCodesLeft { get; init; }

    /// <summary>When an administrator last took all of it away; null for never.</summary>
    public DateTimeOffset? ResetAt { get; init; }

    public Guid? ResetBy { get; init; }

    public string? ResetReason { get; init; }
}

/// <param name="Name">What its owner calls it; null for one of which there is one alone.</param>
public sealed record UserFactor(string Factor, DateTimeOffset AddedAt, DateTimeOffset? LastUsedAt, string? Name);

internal sealed class UserSecurityReader(Database database, SubjectKeys subjectKeys)
{
    public async Task<UserSecurity> ReadAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        var key = await subjectKeys.FindAsync(id, cancellationToken);
        return await database.QueryAsync(
            async db =>
            {
                if (await StoredUser.FindAsync(db, actor.Tenant.Id, id) is not { } user)
                    return UserSecurity.None;
                var others = await ListFactors.Handler.ItemsAsync(db, user);
                var passkeys = await StoredPasskey.ListAsync(db, user.TenantId, id);
                return new UserSecurity
                {
                    Factors =
                    [
                        .. others
                            .Where(one => one.Factor != SecondFactorNames.Passkey)
                            .Select(one => new UserFactor(one.Factor, one.AddedAt, one.LastUsedAt, Name: null)),
                        .. passkeys.Select(one => new UserFactor(
                            SecondFactorNames.Passkey,
                            one.CreatedAt,
                            one.LastUsedAt,
                            key?.Open(one.Name).Value
                        )),
                    ],
                    RecoveryCodesLeft = await RecoveryCodes.CountAsync(db, user),
                    ResetAt = user.SecondFactorsResetAt,
                    ResetBy = user.SecondFactorsResetBy,
                    ResetReason = user.SecondFactorsResetReason is { } reason ? key?.Open(reason).Value : null,
                };
            },
            cancellationToken
        );
    }
}
