using Gatehouse.OpenId.Data;
using OpenIddict.Abstractions;

namespace Gatehouse.OpenId.Authorization;

/// <summary>
/// For which services an access token is (RFC 8707). A client gets tokens for those that it is registered with, and for Gatehouse itself
/// where it names none. A token for others is none for Gatehouse: whoever it is sent to cannot use it here. Pure.
/// </summary>
internal static class ResourceIndicators
{
    public const string Rejection = "The client may not ask for a token for one of these resources.";

    /// <summary>What a request asks for: the resources, none for Gatehouse itself; null for more than the client may.</summary>
    /// <param name="own">The audience of tokens for Gatehouse itself, which every client may name.</param>
    public static IReadOnlyList<string>? Asked(OpenIddictRequest request, IReadOnlyCollection<string> allowed, string own)
    {
        string[] asked = [.. request.GetResources().Where(resource => resource != own).Distinct(StringComparer.Ordinal)];
        return asked.All(resource => allowed.Contains(resource, StringComparer.Ordinal)) ? asked : null;
    }

    /// <summary>The same for tokens of a sign-in: those that its authorization request named, or fewer, as far as the client may still have
    /// them. Where it named none, a token request may name any that the client may.</summary>
    public static IReadOnlyList<string>? Granted(OpenIddictRequest request, UserGrant grant, ClientRow client, string own)
    {
        string[] granted = [.. grant.Resources.Intersect(client.Resources, StringComparer.Ordinal)];
        if (grant.Resources.Length > 0 && granted.Length == 0)
            return null;
        return request.GetResources().IsEmpty ? granted : Asked(request, grant.Resources.Length > 0 ? granted : client.Resources, own);
    }
}
