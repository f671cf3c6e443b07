using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Verification;

/// <summary>
/// The page behind the link of a mail, for every purpose. Opening it reads the verification and changes nothing, because mail scanners
/// follow links; the button posts. A link that is used up, expired or incomplete says so at once: who has it may know.
/// </summary>
internal sealed class LinkPages(Database database, Verifications verifications, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var shared = routes.ServiceProvider.GetRequiredService<LinkPages>();
        foreach (var pages in routes.ServiceProvider.GetServices<VerificationPages>())
        {
            if (pages.LinkPath is { } path)
                shared.Map(routes.MapPages(), pages, path);
        }
    }

    private static LinkView View(VerificationPages pages) =>
        new()
        {
            Texts = $"page.{pages.Purpose.Name}",
            Path = pages.LinkPath!,
            DonePath = pages.DonePath ?? pages.StartPath,
        };

    private static RazorComponentResult Show(VerificationPages pages, LinkView view, HttpContext http, Error? error) =>
        http.Page<FollowLink>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(FollowLink.View)] = view,
                [nameof(FollowLink.Error)] = pages.AtFields(error),
            },
            error
        );

    private void Map(RouteGroupBuilder group, VerificationPages pages, string path)
    {
        Delegate open = (HttpContext http) => ShowAsync(pages, VerificationForm.OfAddress(http), http, error: null);
        Delegate follow = (HttpContext http) => SubmitAsync(pages, http);
        group.MapGet(path, open).AllowOnly(pages);
        group.MapPost(path, follow).AllowOnly(pages).LimitBy(VerificationArea.VerifyLimit);
        if (pages.DonePath is { } done)
            group.MapGet(done, (HttpContext http) => Show(pages, View(pages), http, error: null)).AllowAnonymous();
    }

    private async Task<IResult> SubmitAsync(VerificationPages pages, HttpContext http)
    {
        var form = await VerificationForm.ReadAsync(http);
        var found = await FindAsync(pages, form, http);
        var outcome = found.Error ?? await pages.FollowLinkAsync(found.Value, form, http);
        // The page of its code may be open here, where it began.
        if (outcome.Succeeded && IdentifierInput.IsKept(http, found.Value.Id))
            IdentifierInput.Complete(http, found.Value.Id);
        return outcome.Error is { } error ? await ShowAsync(pages, form, http, error) : http.SeeOther(outcome.Value);
    }

    private async Task<Outcome<PendingVerification>> FindAsync(VerificationPages pages, VerificationForm form, HttpContext http)
    {
        var link = LinkToken.Parse(form.Token, "token", new ValidationErrors());
        if (link is null)
            return new Error(LinkToken.Malformed, ErrorKind.Invalid);
        var pending = await database.QueryAsync(
            db => verifications.FindAsync(db, pages.Purpose, http.Actor().Tenant.Id, link, clock.GetUtcNow()),
            http.RequestAborted
        );
        if (pending is null || (form.Id is { } id && id != pending.Id.ToString()))
            return VerificationErrors.LinkInvalid;
        return pending.CompletedAt is null ? pending : pages.Purpose.Completed;
    }

    private async Task<RazorComponentResult> ShowAsync(VerificationPages pages, VerificationForm form, HttpContext http, Error? error)
    {
        var found = await FindAsync(pages, form, http);
        if (found.Succeeded)
            await pages.PrepareAsync(http, found.Value.Id);
        var end = error is not null && pages.WayOut(error) is not null ? error : found.Error;
        var view = View(pages) with
        {
            Id = form.Id,
            Token = form.Token,
            Step = end is null ? pages.LinkStep(form, found.Value, error) : null,
            Typed = end is null ? IdentifierInput.Read(http, found.Value.Id) : null,
            End = end is null ? null : new VerificationEnd(end, pages.WayOut(end)!),
        };
        return Show(pages, view, http, error);
    }
}

/// <summary>What the page behind a link shows, or the one that says that it is done: that has neither a step nor an end.</summary>
public sealed record LinkView
{
    /// <summary>What the keys of the purpose's texts begin with.</summary>
    public required string Texts { get; init; }

    public required string Path { get; init; }

    public required string DonePath { get; init; }

    public string? Id { get; init; }

    public string? Token { get; init; }

    public LinkStep? Step { get; init; }

    /// <summary>Whom the link was sent to, as it was typed in this browser.</summary>
    public string? Typed { get; init; }

    public VerificationEnd? End { get; init; }
}
