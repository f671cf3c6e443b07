using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web;

/// <summary>Keeps users who have to add a second factor first from all but what they need for that.</summary>
internal static class Enrollment
{
    /// <summary>Somebody who is signed in, and may go on.</summary>
    public static AuthorizationPolicyBuilder RequireEnrolled(this AuthorizationPolicyBuilder policy) =>
        policy.RequireAuthenticatedUser().RequireAssertion(static context => context.Resource is not HttpContext http || IsDone(http));

    public static bool IsDone(HttpContext http) =>
        http.HasMark<EnrollmentMark>() || !http.User.HasClaim(static claim => claim.Type == AccessPrincipal.SecondFactorDue);
}
