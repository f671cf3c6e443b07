using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Web.Admin;

/// <summary>
/// Lets a platform administrator look at another tenant in the console: a cookie says there what the header <c>Gatehouse-Tenant</c> says in
/// calls. Entering is recorded in the other tenant's audit, and so is everything done there.
/// </summary>
public static class ActingTenant
{
    public const string EnterPath = ConsoleHome.Path + "/tenant";
    internal const string LeavePath = EnterPath + "/leave";

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapPost(EnterPath, EnterAsync).RequireConsole();
        pages.MapPost(LeavePath, (Delegate)LeaveAsync).RequireConsole();
    }

    private static async Task<IResult> EnterAsync(ITenantDirectory tenants, Database database, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var actor = http.Actor();
        var home = actor.HomeTenantId ?? actor.Tenant.Id;
        if (await tenants.FindByNameAsync(form["tenant"].ToString(), http.RequestAborted) is not { } tenant)
            return RequestErrors.NotFound.ToProblem();
        if (actor.RequiredAccess.AcrossTenants().Grants.Count == 0)
            return RequestErrors.Forbidden.ToProblem();
        if (tenant.Id == home)
            return await LeaveAsync(http);
        await database.InTransactionAsync(
            "tenant.entered",
            tx =>
            {
                var entered = actor with { Tenant = tenant, HomeTenantId = home };
                tx.Record(AuditRecord.Of(entered, "tenant.entered").WithFact("operation", "console"));
                return Task.FromResult(true);
            },
            http.RequestAborted
        );
        ActingTenantCookie.Write(http, tenant.Name);
        return http.SeeOther(Next(form));
    }

    private static async Task<IResult> LeaveAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        ActingTenantCookie.Remove(http);
        return http.SeeOther(Next(form));
    }

    private static string Next(IFormCollection form) => form["returnUrl"].ToString() is { Length: > 0 } path ? path : ConsoleHome.Path;
}
