using Gatehouse.Core.Actors;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web;

public static class CallerExtensions
{
    /// <summary>The caller of this request. Endpoints of the <c>/v1</c> group and pages have one; elsewhere asking is a programming error.</summary>
    public static Caller Caller(this HttpContext http) =>
        http.Features.Get<Caller>() ?? throw new InvalidOperationException("The endpoint is not in a group that resolves the tenant.");
}
