using System.Globalization;
using Gatehouse.Core.Actors;
using Gatehouse.OpenId.Data;
using Gatehouse.Web;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Gatehouse.OpenId.Authorization;

/// <summary>What an application learns of a user by the scopes that were granted to it (OpenID Connect Core, 5.1 and 5.4). What is not
/// known is left out. Pure.</summary>
internal static class UserClaims
{
    private const string Groups = "groups";

    public static IEnumerable<KeyValuePair<string, object>> Of(UserFacts facts, SignedInUser user)
    {
        yield return new(Claims.Subject, user.Id.ToString());
        foreach (var scope in user.Scopes)
        {
            foreach (var (name, value) in OfScope(scope, facts, user))
            {
                if (value is not (null or ""))
                    yield return new(name, value);
            }
        }
    }

    private static IEnumerable<(string Name, object? Value)> OfScope(string scope, UserFacts facts, SignedInUser user) =>
        scope switch
        {
            SignInScopes.Profile =>
            [
                (Claims.Name, facts.Name),
                (Claims.GivenName, facts.GivenName),
                (Claims.FamilyName, facts.FamilyName),
                (Claims.PreferredUsername, facts.Username),
                (Claims.Picture, facts.Picture),
                (Claims.Website, facts.Website),
                (Claims.Birthdate, facts.BirthDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
                (Claims.Locale, facts.Locale),
                (Claims.UpdatedAt, facts.UpdatedAt.ToUnixTimeSeconds()),
            ],
            SignInScopes.Email when facts.Email is not null => [(Claims.Email, facts.Email), (Claims.EmailVerified, facts.EmailVerified)],
            SignInScopes.Phone when facts.PhoneNumber is not null =>
            [
                (Claims.PhoneNumber, facts.PhoneNumber),
                (Claims.PhoneNumberVerified, facts.PhoneNumberVerified),
            ],
            SignInScopes.Groups => [(Groups, user.Roles)],
            _ => [],
        };
}
