using System.Globalization;
using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Audit;

/// <summary>What one user did and what happened to it: a section of the user's pages, and its newest lines on the first of them.</summary>
internal sealed class UserActivityPages(ListRecords.Handler records, IUserDirectory users, TimeProvider clock) : IConsolePart
{
    private const string Suffix = "activity";
    private const string Did = "did";
    private const string Was = "was";

    public static readonly ConsoleSection Section = new()
    {
        Of = ConsolePaths.Users,
        Suffix = Suffix,
        Text = "page.console.activity",
        Permission = AuditArea.ReadAudit,
        Order = 20,
    };

    public string Of => ConsolePaths.Users;

    public int Order => 20;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPages()
            .MapGet(
                ConsolePaths.Users + "/{id:guid}/" + Suffix,
                (Guid id, UserActivityPages pages, HttpContext http) => pages.ListAsync(id, http)
            )
            .RequirePermission(AuditArea.ReadAudit);

    public async Task<ConsoleFragment?> ShowAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.RequiredAccess.Allows(AuditArea.ReadAudit.Name))
            return null;
        var newest = await records.HandleAsync(
            new RecordQuery { User = id.ToString() },
            new PageInput { Limit = "10" },
            actor,
            cancellationToken
        );
        return newest.Error is null
            ? ConsoleFragment.Of<RecentRecords>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(RecentRecords.Records)] = newest.Value.Items,
                    [nameof(RecentRecords.More)] = Section.PathOf(id),
                    [nameof(RecentRecords.Subject)] = id,
                }
            )
            : null;
    }

    private async Task<IResult> ListAsync(Guid id, HttpContext http)
    {
        var (actor, query) = (http.Actor(), http.Request.Query);
        var names = await users.NamesAsync(actor.Tenant.Id, [id], http.RequestAborted);
        if (!names.TryGetValue(id, out var user))
            return RequestErrors.NotFound.ToProblem();
        var side = query["side"].ToString();
        // An unknown name narrows nothing.
        var period = Period.Of(query["period"].ToString(), clock.GetUtcNow());
        var listed = await records.HandleAsync(
            new RecordQuery
            {
                User = side is Did or Was ? null : id.ToString(),
                Actor = side is Did ? id.ToString() : null,
                Subject = side is Was ? id.ToString() : null,
                From = period?.From.ToString("O", CultureInfo.InvariantCulture),
                To = period?.To?.ToString("O", CultureInfo.InvariantCulture),
            },
            PageInput.Of(http),
            actor,
            http.RequestAborted
        );
        return listed.ToResult(page =>
            http.Page<UserActivityPage>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(UserActivityPage.Id)] = id,
                    [nameof(UserActivityPage.Name)] = user.Name,
                    [nameof(UserActivityPage.Records)] = page,
                }
            )
        );
    }
}
