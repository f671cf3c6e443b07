using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web.Pages;

/// <summary>Leads who is not signed in to sign in and from there back: to the page that was asked for or, after a form, to the page that
/// has it.</summary>
public static class RedirectToSignInExtensions
{
    /// <summary>The page that has the form, which is where signing in leads when the session ended before the form was sent.</summary>
    /// <param name="kept">The fields that the user finds there again (<see cref="Draft"/>).</param>
    public static RouteHandlerBuilder FormOf(this RouteHandlerBuilder builder, string page, params IReadOnlyList<string> kept) =>
        builder.WithMetadata(new FormPage(page, kept));

    /// <summary>The same for a form that is sent to its own page, whose address names what it is about.</summary>
    public static RouteHandlerBuilder FormOfItself(this RouteHandlerBuilder builder, params IReadOnlyList<string> kept) =>
        builder.WithMetadata(new FormPage(Path: null, kept));

    public static IResult RedirectToSignIn(this HttpContext http) => http.LeadThrough("/sign-in");

    /// <summary>Leads to a page that comes before, and from there back.</summary>
    internal static IResult LeadThrough(this HttpContext http, string before)
    {
        var form = FormOf(http);
        if (form is not null)
            Draft.Keep(http, form);
        var page = form?.Path ?? http.Request.PathBase.Add(http.Request.Path).ToUriComponent() + http.Request.QueryString.ToUriComponent();
        return http.SeeOther(before + QueryString.Create("returnUrl", page));
    }

    private static FormPage? FormOf(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<FormPage>();
}

/// <param name="Path">Null for the address to which the form is sent.</param>
internal sealed record FormPage(string? Path, IReadOnlyList<string> Kept);
