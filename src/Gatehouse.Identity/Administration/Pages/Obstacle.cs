using Gatehouse.Identity.SignIn;

namespace Gatehouse.Identity.Administration;

/// <summary>A reason why a user cannot sign in now.</summary>
internal sealed record Obstacle
{
    public required string Text { get; init; }

    public DateTimeOffset? Since { get; init; }

    public string? Detail { get; init; }

    /// <summary>What mends it (<see cref="UserActs"/>); null for nothing an administrator can do.</summary>
    public string? Act { get; init; }

    /// <summary>In the order in which a sign-in asks: the first one is what the user meets.</summary>
    public static IEnumerable<Obstacle> Of(
        ManagedUser user,
        FailedAttempts attempts,
        Func<string, IReadOnlyDictionary<string, object>?, string> text
    )
    {
        if (user.Status == UserStatus.Disabled)
            yield return new Obstacle
            {
                Text = text("page.console.user.obstacle-disabled", null),
                Since = user.DisabledAt,
                Detail = user.DisabledReason,
                Act = UserActs.Enable,
            };
        if (user.SuspendedAt is not null)
            yield return new Obstacle { Text = text("page.console.user.obstacle-suspended", null), Since = user.SuspendedAt };
        if (!user.HasPassword)
            yield return new Obstacle { Text = text("page.console.user.obstacle-no-password", null), Act = UserActs.ForceReset };
        if (attempts.IsClosed)
            yield return new Obstacle
            {
                Text = text("page.console.user.obstacle-closed", null),
                Since = attempts.LastAt,
                Act = UserActs.ClearAttempts,
            };
        else if (attempts.WaitsUntil is not null)
            yield return new Obstacle
            {
                Text = text("page.console.user.obstacle-waits", null),
                Since = attempts.LastAt,
                Act = UserActs.ClearAttempts,
            };
    }
}
