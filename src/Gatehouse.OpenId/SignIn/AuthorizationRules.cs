using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Gatehouse.OpenId.SignIn;

/// <summary>
/// What comes next for an authorization request that is well formed and from a client that may send it (OpenID Connect Core, 3.1.2). Pure:
/// the request, who is signed in, and what was agreed to in, the next step out.
/// </summary>
internal static class AuthorizationRules
{
    public static Step Next(AskedFor asked, SignedInNow? now, Said said)
    {
        if (said.Denied)
            return Step.Reject(Errors.AccessDenied);
        if (asked.HintIsForeign)
            return Step.Reject(Errors.InvalidRequest);
        if (now is null)
            return asked.IsSilent ? Step.Reject(Errors.LoginRequired) : Step.SignIn;
        if (asked.HintedUser is { } hinted && hinted != now.User)
            return asked.IsSilent || said.Agreed ? Step.Reject(Errors.LoginRequired) : Step.Ask with { AsksAccount = true };
        var asks = Step.Ask with
        {
            AsksProof = IsTooOld(asked, now),
            AsksConsent = asked.NeedsConsent && (asked.Prompts(PromptValues.Consent) && !said.Agreed || !said.Covers(asked.Scopes)),
            AsksAccount = asked.Prompts(PromptValues.SelectAccount) && !said.Agreed,
        };
        if (!asks.AsksAnything && !asked.OwesTerms)
            return Step.Issue;
        if (asked.IsSilent)
            return Step.Reject(
                asks.AsksProof ? Errors.LoginRequired
                : asks.AsksConsent ? Errors.ConsentRequired
                : Errors.InteractionRequired
            );
        // Last, so that nobody accepts terms who then goes on with another account, or does not agree.
        return asks.AsksAnything ? asks : Step.Terms;
    }

    // Whoever proved who they are after the request began has satisfied its time, whatever it says: nobody is asked twice.
    private static bool IsTooOld(AskedFor asked, SignedInNow now)
    {
        if (asked.LacksSecondFactor)
            return true;
        if (now.AuthenticatedAt >= asked.BeganAt)
            return false;
        return asked.Prompts(PromptValues.Login) || asked.MaxAge is { } age && asked.BeganAt - now.AuthenticatedAt > age;
    }
}

/// <summary>What a request asks for.</summary>
internal sealed record AskedFor
{
    public required IReadOnlyList<string> Scopes { get; init; }

    public required IReadOnlyList<string> Prompt { get; init; }

    public required TimeSpan? MaxAge { get; init; }

    /// <summary>When the request was first seen.</summary>
    public required DateTimeOffset BeganAt { get; init; }

    /// <summary>Whether it would like two factors (<c>acr_values</c>), and the user, who could show them, has shown one.</summary>
    public bool LacksSecondFactor { get; init; }

    /// <summary>Whether the user has not accepted the present terms of service.</summary>
    public bool OwesTerms { get; init; }

    /// <summary>Whether its client asks users at all.</summary>
    public required bool NeedsConsent { get; init; }

    /// <summary>The user of the ID token that it brings along as a hint.</summary>
    public Guid? HintedUser { get; init; }

    /// <summary>Whether the hint is none of ours, or was issued to another client.</summary>
    public bool HintIsForeign { get; init; }

    public bool IsSilent => Prompts(PromptValues.None);

    public bool Prompts(string value) => Prompt.Contains(value, StringComparer.Ordinal);
}

/// <summary>Who is signed in.</summary>
internal sealed record SignedInNow(Guid User, DateTimeOffset AuthenticatedAt);

/// <summary>What that user has said of this request and this client.</summary>
internal sealed record Said
{
    public required bool Agreed { get; init; }

    public required bool Denied { get; init; }

    public required IReadOnlyList<string> Consented { get; init; }

    public bool Covers(IReadOnlyList<string> scopes) => !scopes.Except(Consented, StringComparer.Ordinal).Any();
}

/// <summary>What comes next.</summary>
internal sealed record Step
{
    public static readonly Step Issue = new() { IsIssue = true };
    public static readonly Step SignIn = new() { IsSignIn = true };
    public static readonly Step Terms = new() { IsTerms = true };
    public static readonly Step Ask = new();

    public bool IsIssue { get; private init; }

    public bool IsSignIn { get; private init; }

    public bool IsTerms { get; private init; }

    /// <summary>The error for the client; null for none.</summary>
    public string? Error { get; private init; }

    /// <summary>Whether the user has to say with which account.</summary>
    public bool AsksAccount { get; init; }

    /// <summary>Whether the user has to prove again who they are.</summary>
    public bool AsksProof { get; init; }

    /// <summary>Whether the user has to agree.</summary>
    public bool AsksConsent { get; init; }

    public bool AsksAnything => AsksAccount || AsksProof || AsksConsent;

    public static Step Reject(string error) => new() { Error = error };
}
