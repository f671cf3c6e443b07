using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Identity.Verification;

/// <summary>
/// What the pages of one purpose have of their own; the pages are the same for all (<see cref="CodePages"/>, <see cref="LinkPages"/>). It
/// is registered with its purpose (<c>AddVerification</c>). Its texts are <c>page.{purpose}.code-title</c> and so on.
/// </summary>
internal abstract class VerificationPages(VerificationPurpose purpose)
{
    protected const string SignInPath = "/sign-in";

    public VerificationPurpose Purpose => purpose;

    /// <summary>The page of the form that begins such a verification.</summary>
    public abstract string StartPath { get; }

    /// <summary>The page behind the link of the mail; null where messages have none.</summary>
    public abstract string? LinkPath { get; }

    /// <summary>Whether messages have a code.</summary>
    public virtual bool HasCode => true;

    /// <summary>Whether it is about an account that exists: only its user, signed in, goes on here.</summary>
    public virtual bool IsOfSignedIn => false;

    /// <summary>The page that says that it is done, and leads to sign in; null where being done shows by itself.</summary>
    public abstract string? DonePath { get; }

    public string CodePath => StartPath + "/code";

    public string ResendPath => CodePath + "/resend";

    /// <summary>The names of fields, passwords and codes excepted, that are found again after a change of language.</summary>
    public virtual IReadOnlyList<string> KeptFields => [];

    /// <summary>Where such a verification is begun again.</summary>
    public virtual string StartOf(HttpContext http, Guid id) => StartPath;

    /// <summary>What a page needs before it is shown, such as a policy of its own.</summary>
    public virtual Task PrepareAsync(HttpContext http, Guid id) => Task.CompletedTask;

    /// <summary>The key of a text above the field for the code; null for none.</summary>
    public virtual string? CodeNotice(PendingVerification pending) => null;

    /// <summary>The fields beside the code.</summary>
    /// <param name="error">Why the form is shown again; null at first.</param>
    public abstract IReadOnlyList<PageField> CodeFields(VerificationForm form, Error? error);

    /// <summary>What the page behind the link asks for.</summary>
    public abstract LinkStep LinkStep(VerificationForm form, PendingVerification pending, Error? error);

    /// <returns>The path that the browser is led to.</returns>
    public abstract Task<Outcome<string>> EnterCodeAsync(Guid id, VerificationForm form, HttpContext http);

    /// <inheritdoc cref="EnterCodeAsync"/>
    public abstract Task<Outcome<string>> FollowLinkAsync(PendingVerification pending, VerificationForm form, HttpContext http);

    /// <returns>Null: another message goes out.</returns>
    public abstract Task<Error?> ResendAsync(Guid id, HttpContext http);

    /// <summary>Puts rejections beside the fields that mend them.</summary>
    public virtual Error? AtFields(Error? error) => error.AtField("code", VerificationErrors.CodeWrong);

    /// <summary>Where it goes on after a rejection that nothing entered here could mend; null where something could.</summary>
    public virtual string? WayOut(Error error) =>
        error.Code == purpose.Completed.Code ? SignInPath
        : error.Kind == ErrorKind.NotFound || error.Code == LinkToken.Malformed ? StartPath
        : null;

    /// <summary>Leads who has begun a verification to the page of its code.</summary>
    /// <param name="typed">The address or username as it was typed.</param>
    public IResult Begin(HttpContext http, Guid id, string? typed)
    {
        IdentifierInput.Keep(http, id, typed);
        return http.SeeOther($"{CodePath}?id={id}");
    }
}

internal static class VerificationPagesExtensions
{
    /// <summary>Only who is signed in, where it is about an account; everybody elsewhere.</summary>
    public static RouteHandlerBuilder AllowOnly(this RouteHandlerBuilder builder, VerificationPages pages) =>
        pages.IsOfSignedIn ? builder.RequireSignIn() : builder.AllowAnonymous();
}

/// <summary>What was sent with a form of these pages, or stands in the address of one.</summary>
internal sealed class VerificationForm(Func<string, string?> read)
{
    public string? Id => this["id"];

    public string? Token => this["token"];

    /// <summary>The value; null when there is no such field.</summary>
    public string? this[string field] => read(field);

    public static async Task<VerificationForm> ReadAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return new VerificationForm(field => form.TryGetValue(field, out var value) ? value.ToString() : null);
    }

    /// <param name="draft">What was typed before the language was changed.</param>
    public static VerificationForm OfAddress(HttpContext http, IReadOnlyDictionary<string, string>? draft = null)
    {
        var query = http.Request.Query;
        return new VerificationForm(field =>
            draft?.TryGetValue(field, out var typed) == true ? typed
            : field is "id" or "token" or "step" && query.TryGetValue(field, out var value) ? value.ToString()
            : null
        );
    }

    public override string ToString() => "[verification]";
}

/// <summary>A field beside the code or behind the link.</summary>
public sealed record PageField
{
    public required string Name { get; init; }

    /// <summary>The key of its text.</summary>
    public required string Label { get; init; }

    public required string Autocomplete { get; init; }

    public required int MaxLength { get; init; }

    /// <summary>The key of what helps to fill it, and the number that this text names.</summary>
    public (string Text, int Min)? Hint { get; init; }

    /// <summary>What was typed before; never of a password.</summary>
    public string? Value { get; init; }

    public bool IsPassword => Name == "password";
}

/// <summary>One of the ways on from the page behind a link. Its texts are <c>page.{purpose}.{name}-lead</c> and <c>-button</c>.</summary>
public sealed record LinkStep(string Name, IReadOnlyList<PageField> Fields)
{
    /// <summary>The usual one.</summary>
    public const string Link = "link";

    /// <summary>
    /// The name of the other way, which the small link <c>page.{purpose}.{name}-other</c> leads to; null where there is none.
    /// </summary>
    public string? Other { get; init; }

    /// <summary>Whether this way is closed, as <c>page.{purpose}.{name}-closed</c> says.</summary>
    public bool IsClosed { get; init; }
}
