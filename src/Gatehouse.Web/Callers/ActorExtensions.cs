using Gatehouse.Core.Actors;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web;

public static class ActorExtensions
{
    /// <summary>The caller of this request. Endpoints of the <c>/v1</c> group and pages have one; elsewhere asking is a programming
    /// error.</summary>
    public static Actor Actor(this HttpContext http) =>
        http.Features.Get<Actor>() ?? throw new InvalidOperationException("The endpoint is not in a group that resolves the tenant.");
}
