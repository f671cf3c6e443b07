using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web;

/// <summary>Answers whether whoever acts has proved lately who they are, and takes the proof.</summary>
public interface IFreshAuthentication
{
    /// <summary>How long a proof counts.</summary>
    static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>The page on which a user proves it who has more to show than a password; it leads back.</summary>
    const string Page = "/reauthenticate";

    /// <summary>The page, for a proof that is newer than any so far.</summary>
    static string AnewAt(string returnUrl) => Page + QueryString.Create("returnUrl", returnUrl).Add("anew", "true");

    /// <summary>Whether the signed-in user proved within <see cref="Window"/> who they are.</summary>
    ValueTask<bool> IsFreshAsync(Actor actor, CancellationToken cancellationToken);

    /// <summary>Whether the proof is another one than the password, which <see cref="Page"/> takes.</summary>
    ValueTask<bool> AsksOtherAsync(Actor actor, CancellationToken cancellationToken);

    /// <summary>Whether the user could prove two factors.</summary>
    ValueTask<bool> CanStrengthenAsync(Actor actor, CancellationToken cancellationToken);

    /// <summary>What an operation answers whose user has not proved lately who they are; null for all others.</summary>
    ValueTask<Error?> RequireAsync(Actor actor, CancellationToken cancellationToken);

    /// <summary>Takes the user's password as proof, which then counts for the session; wrong ones count as failed sign-ins do.</summary>
    /// <returns>Null if it was right.</returns>
    Task<Error?> ProveAsync(Actor actor, string? password, CancellationToken cancellationToken);
}
