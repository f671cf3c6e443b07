using Gatehouse.Core.Results;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web;

/// <summary>Keeps users who have something to do first from all but what they need for that: to add a second factor, or to open their
/// closed account again.</summary>
internal static class Enrollment
{
    /// <summary>Somebody who is signed in, and may go on.</summary>
    public static AuthorizationPolicyBuilder RequireEnrolled(this AuthorizationPolicyBuilder policy) =>
        policy.RequireAuthenticatedUser().RequireAssertion(static context => context.Resource is not HttpContext http || Due(http) is null);

    /// <summary>What has to be done first, as error and as page; null for nothing.</summary>
    public static (Error Error, string Path)? Due(HttpContext http) =>
        Has(http, AccessPrincipal.AccountClosed) && !http.HasMark<ClosedMark>() ? (RequestErrors.AccountClosed, LocalPath.Closed)
        : Has(http, AccessPrincipal.SecondFactorDue) && !http.HasMark<EnrollmentMark>()
            ? (RequestErrors.SecondFactorDue, LocalPath.SecondFactor)
        : null;

    private static bool Has(HttpContext http, string type) => http.User.HasClaim(claim => claim.Type == type);
}
