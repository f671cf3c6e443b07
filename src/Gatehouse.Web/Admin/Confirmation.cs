using Gatehouse.Core.Results;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Admin;

/// <summary>
/// A page that asks before something is done that is felt: what it is about, what will happen, in numbers known now, and how it is undone.
/// It is the page of a form, so it survives a reload and a rejection, and asks by itself for whatever the act needs.
/// </summary>
public sealed record Confirmation
{
    /// <summary>The act as a question: <c>Disable this user?</c></summary>
    public required string Question { get; init; }

    /// <summary>The thing: its name, and what tells it from others.</summary>
    public required IReadOnlyList<KeyValuePair<string, string?>> About { get; init; }

    /// <summary>What will happen, a sentence each.</summary>
    public required IReadOnlyList<string> Effects { get; init; }

    /// <summary>The act as the button says it.</summary>
    public required string Act { get; init; }

    /// <summary>The page itself, to which its form is sent.</summary>
    public required string Path { get; init; }

    /// <summary>Where it leads to change nothing.</summary>
    public required string Back { get; init; }

    /// <summary>Where it leads when it is done; null for <see cref="Back"/>.</summary>
    public string? Next { get; init; }

    /// <summary>The entry of the navigation.</summary>
    public required string Entry { get; init; }

    /// <summary>Whether a reason must be given.</summary>
    public bool AsksReason { get; init; }

    /// <summary>Something that has to be chosen; null for nothing.</summary>
    public ConfirmationChoice? Choice { get; init; }

    /// <summary>Whether whoever acts must have proved lately who they are.</summary>
    public bool AsksPassword { get; init; }

    /// <summary>What has to be typed where nothing can be undone; null elsewhere.</summary>
    public string? Phrase { get; init; }
}

/// <summary>What has to be chosen on the page that asks; the first option is chosen already.</summary>
public sealed record ConfirmationChoice(string Label, IReadOnlyList<(string Value, string Name)> Options);

/// <summary>What was typed on the page that asks.</summary>
public sealed record Confirmed(string Reason)
{
    /// <summary>One of the options; empty where nothing is chosen.</summary>
    public string Choice { get; init; } = "";
}

public static class ConfirmationExtensions
{
    internal const string ReasonField = "reason";
    internal const string ChoiceField = "choice";
    internal const string PhraseField = "phrase";
    internal const string PasswordField = "password";

    internal const int MaxReason = 500;

    /// <summary>The page asks at its own address, the reason outlives a session that ends meanwhile, and a second click does nothing
    /// more.</summary>
    public static RouteHandlerBuilder FormOfConfirmation(this RouteHandlerBuilder builder) => builder.FormOfItself(ReasonField).Once();

    /// <summary>Shows the page.</summary>
    /// <param name="rejection">Why what was typed, or the act itself, was rejected.</param>
    public static async Task<IResult> ConfirmAsync(
        this HttpContext http,
        Confirmation confirmation,
        Error? rejection = null,
        Confirmed? typed = null
    )
    {
        var asksProof = confirmation.AsksPassword && !await IsFreshAsync(http);
        if (asksProof && await Fresh(http).AsksOtherAsync(http.Actor(), http.RequestAborted))
            return http.SeeOther(IFreshAuthentication.Page + QueryString.Create("returnUrl", confirmation.Path));
        return http.Page<ConfirmPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(ConfirmPage.Confirmation)] = confirmation with { AsksPassword = asksProof },
                [nameof(ConfirmPage.Reason)] = typed?.Reason ?? Kept(http, confirmation),
                [nameof(ConfirmPage.Chosen)] = typed?.Choice,
                [nameof(ConfirmPage.Error)] = rejection,
            },
            rejection
        );
    }

    /// <summary>Reads the form of the page and does what it asks for, if everything is there that it takes.</summary>
    /// <param name="act">Does it.</param>
    /// <param name="done">What is said of it where the page then leads.</param>
    public static async Task<IResult> ActAsync<T>(
        this HttpContext http,
        Confirmation confirmation,
        Func<Confirmed, Task<Outcome<T>>> act,
        Func<T, string> done
    )
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var confirmed = new Confirmed(form[ReasonField].ToString().Trim()) { Choice = form[ChoiceField].ToString() };
        if (await RejectionAsync(http, confirmation, form, confirmed) is { } rejection)
            return await http.ConfirmAsync(confirmation, rejection, confirmed);
        var outcome = await act(confirmed);
        return outcome.Error is { } error
            ? await http.ConfirmAsync(confirmation, error, confirmed)
            : http.Tell(done(outcome.Value), confirmation.Next ?? confirmation.Back);
    }

    private static async Task<Error?> RejectionAsync(HttpContext http, Confirmation confirmation, IFormCollection form, Confirmed confirmed)
    {
        var errors = new ValidationErrors();
        if (confirmation.AsksReason)
            TextInput.Clean(confirmed.Reason, ReasonField, MaxReason, errors);
        if (confirmation.Choice is { } choice && choice.Options.All(option => option.Value != confirmed.Choice))
            errors.Add(ChoiceField, ValidationCodes.UnknownValue, TextInput.Limits(("allowed", Allowed(choice))));
        if (confirmation.Phrase is { } phrase && !Matches(form[PhraseField].ToString(), phrase))
            errors.Add(PhraseField, "page.console.confirm.phrase-wrong");
        if (errors.Any)
            return RequestErrors.InvalidWith(errors);
        if (!confirmation.AsksPassword || await IsFreshAsync(http))
            return null;
        var proof = await Fresh(http).ProveAsync(http.Actor(), form[PasswordField].ToString(), http.RequestAborted);
        return proof;
    }

    // What was typed before the session ended.
    private static string? Kept(HttpContext http, Confirmation confirmation) =>
        confirmation.AsksReason && HttpMethods.IsGet(http.Request.Method) ? http.TakeDraft(confirmation.Path, 1)?[0] : null;

    private static string Allowed(ConfirmationChoice choice) => string.Join(", ", choice.Options.Select(option => option.Name));

    private static bool Matches(string typed, string phrase) =>
        string.Equals(typed.Trim().Normalize(), phrase.Normalize(), StringComparison.OrdinalIgnoreCase);

    private static ValueTask<bool> IsFreshAsync(HttpContext http) => Fresh(http).IsFreshAsync(http.Actor(), http.RequestAborted);

    private static IFreshAuthentication Fresh(HttpContext http) => http.RequestServices.GetRequiredService<IFreshAuthentication>();
}
