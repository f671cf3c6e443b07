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
/// The page where a code is entered or sent again, for every purpose. Opening it reads the verification and changes nothing. What it says
/// of it holds for a decoy as well: that it is over, that its code has expired or is used up, when another can be sent. That it has done
/// its work is said in the browser that did it, and nowhere else.
/// </summary>
internal sealed class CodePages(Database database, Verifications verifications, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var shared = routes.ServiceProvider.GetRequiredService<CodePages>();
        foreach (var pages in routes.ServiceProvider.GetServices<VerificationPages>().Where(one => one.HasCode))
            shared.Map(routes.MapPages(), pages);
    }

    private static async Task<Outcome<string>> EnterAsync(VerificationPages pages, Guid id, VerificationForm form, HttpContext http)
    {
        var outcome = await pages.EnterCodeAsync(id, form, http);
        if (outcome.Succeeded)
            IdentifierInput.Complete(http, id);
        return outcome;
    }

    private static async Task<Outcome<string>> ResendAsync(VerificationPages pages, Guid id, HttpContext http) =>
        await pages.ResendAsync(id, http) is { } error ? error : $"{pages.CodePath}?id={id}&sent=true";

    private void Map(RouteGroupBuilder group, VerificationPages pages)
    {
        group
            .MapGet(
                pages.CodePath,
                (bool? sent, HttpContext http) =>
                {
                    var draft = http.TakeTyped(pages.CodePath, pages.KeptFields.Count);
                    var typed = draft
                        ?.Zip(pages.KeptFields, (text, field) => (text, field))
                        .Where(one => one.text.Length > 0)
                        .ToDictionary(one => one.field, one => one.text, StringComparer.Ordinal);
                    return ShowAsync(pages, VerificationForm.OfAddress(http, typed), sent is true, http, error: null);
                }
            )
            .AllowOnly(pages);
        Delegate enter = (HttpContext http) => SubmitAsync(pages, http, (id, form) => EnterAsync(pages, id, form, http));
        Delegate resend = (HttpContext http) => SubmitAsync(pages, http, (id, _) => ResendAsync(pages, id, http));
        group
            .MapPost(pages.CodePath, enter)
            .AllowOnly(pages)
            .LimitBy(VerificationArea.VerifyLimit)
            .FormOf(pages.CodePath, pages.KeptFields);
        group.MapPost(pages.ResendPath, resend).AllowOnly(pages).LimitBy(VerificationArea.VerifyLimit);
    }

    private async Task<IResult> SubmitAsync(
        VerificationPages pages,
        HttpContext http,
        Func<Guid, VerificationForm, Task<Outcome<string>>> submitAsync
    )
    {
        var form = await VerificationForm.ReadAsync(http);
        var outcome = Guid.TryParse(form.Id, out var id) ? await submitAsync(id, form) : pages.Purpose.NotFound;
        return outcome.Error is { } error ? await ShowAsync(pages, form, sent: false, http, error) : http.SeeOther(outcome.Value);
    }

    private async Task<RazorComponentResult> ShowAsync(
        VerificationPages pages,
        VerificationForm form,
        bool sent,
        HttpContext http,
        Error? error
    )
    {
        var now = clock.GetUtcNow();
        var known = Guid.TryParse(form.Id, out var id);
        if (known)
            await pages.PrepareAsync(http, id);
        var tenant = http.Actor().Tenant.Id;
        var pending = known
            ? await database.QueryAsync(db => verifications.FindAsync(db, pages.Purpose, tenant, id, now), http.RequestAborted)
            : null;
        var end =
            error is not null && pages.WayOut(error) is not null ? error
            : known && IdentifierInput.IsCompleted(http, id) ? pages.Purpose.Completed
            : pending is null ? pages.Purpose.NotFound
            : null;
        var typed = known ? IdentifierInput.Read(http, id) : null;
        var view = new CodeView
        {
            Texts = $"page.{pages.Purpose.Name}",
            StartPath = known ? pages.StartOf(http, id) : pages.StartPath,
            Path = pages.CodePath,
            Id = form.Id,
            Code = form["code"],
            Digits = string.Join(' ', pages.Purpose.CodeLengths),
            Minutes = (int)pages.Purpose.CodeLifetime.TotalMinutes,
            Fields = end is null ? pages.CodeFields(form, error) : [],
            Typed = typed,
            Masked = IdentifierInput.Mask(typed),
            Sent = sent,
            Notice = end is null && pending is { CompletedAt: null } ? pages.CodeNotice(pending) : null,
            End = end is null ? null : new VerificationEnd(end, pages.WayOut(end)!),
            Closed = pending is null ? null : VerificationRules.EvaluateOpening(pending, now),
            ResendAfter = pending is null || pending.Sends >= pages.Purpose.MaxSends ? null : pending.ResendAt - now,
        };
        return http.Page<EnterCode>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(EnterCode.View)] = view,
                [nameof(EnterCode.Error)] = pages.AtFields(error),
            },
            error
        );
    }
}

/// <summary>What the page of a code shows; a password is never shown again.</summary>
public sealed record CodeView
{
    /// <summary>What the keys of the purpose's texts begin with.</summary>
    public required string Texts { get; init; }

    public required string StartPath { get; init; }

    public required string Path { get; init; }

    /// <summary>The verification.</summary>
    public required string? Id { get; init; }

    public string? Code { get; init; }

    /// <summary>The lengths that it can have, with blanks between.</summary>
    public string Digits { get; init; } = "";

    public int Minutes { get; init; }

    public IReadOnlyList<PageField> Fields { get; init; } = [];

    /// <summary>Whom the code was sent to, as it was typed in this browser.</summary>
    public string? Typed { get; init; }

    public string? Masked { get; init; }

    /// <summary>Whether another code has just been sent.</summary>
    public bool Sent { get; init; }

    /// <summary>The key of a text above the field; null for none.</summary>
    public string? Notice { get; init; }

    /// <summary>Null while it can go on.</summary>
    public VerificationEnd? End { get; init; }

    /// <summary>Why no code can be entered before another one is sent.</summary>
    public Error? Closed { get; init; }

    /// <summary>When another code can be sent; null when there will be none.</summary>
    public TimeSpan? ResendAfter { get; init; }
}

/// <summary>Why nothing can be entered here any more, and where it goes on.</summary>
public sealed record VerificationEnd(Error Error, string Path);
