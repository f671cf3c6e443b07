using Gatehouse.Core.Actors;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web;

/// <summary>Knows who has accepted the terms of service. The module that keeps users answers.</summary>
public interface ITermsOfService
{
    /// <summary>The page on which they are accepted; it leads on.</summary>
    const string Page = "/terms";

    /// <summary>Where it leads when they are accepted.</summary>
    const string ThenField = "then";

    /// <summary>The page, before another one of ours.</summary>
    static string Before(string path) => Page + QueryString.Create(ThenField, path);

    /// <summary>Whether the tenant has terms that the signed-in user has not accepted.</summary>
    ValueTask<bool> AreDueAsync(Actor actor, CancellationToken cancellationToken);
}
