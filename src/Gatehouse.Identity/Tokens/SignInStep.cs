using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Values;

namespace Gatehouse.Identity.Tokens;

/// <summary>What a proved factor came to: a session (<see cref="Tokens.SignedIn"/>), or a challenge for another factor.</summary>
internal abstract record SignInStep;

/// <summary>A second factor is due.</summary>
/// <param name="Id">The challenge.</param>
/// <param name="Factors">What it can be answered with, the tenant's favourite first.</param>
internal sealed record ChallengeDue(Guid Id, IReadOnlyList<string> Factors, DateTimeOffset ExpiresAt) : SignInStep
{
    public ChallengeResponse ToResponse() =>
        new()
        {
            ChallengeId = Id,
            Factors = Factors,
            ExpiresAt = ExpiresAt,
        };
}

/// <summary>The answer where a second factor is due.</summary>
public sealed record ChallengeResponse
{
    [Description("Identifies the challenge at POST /v1/challenges/{id}. Keep it secret: it stands for the factor that was accepted.")]
    public required Guid ChallengeId { get; init; }

    [Description("What it can be answered with: passkey, totp, sms, email, recovery-code.")]
    public required IReadOnlyList<string> Factors { get; init; }

    [Description("In UTC.")]
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>The first factor, as it was proved.</summary>
/// <param name="Method">What sessions, events and metrics call it.</param>
/// <param name="Amr">What the session says of it (RFC 8176).</param>
internal sealed record FirstFactor(string Method, IReadOnlyList<string> Amr)
{
    public static readonly FirstFactor Password = new("password", [AuthenticationMethods.Password]);

    /// <summary>An account that was just made, with a code or link that proved its address.</summary>
    public static readonly FirstFactor Registration = new("registration", [AuthenticationMethods.OneTimeCode]);

    /// <summary>An account that was just made, with a password and nothing else proved.</summary>
    public static readonly FirstFactor NewPassword = Registration with { Amr = [AuthenticationMethods.Password] };

    /// <summary>A passkey, whose device verified its user: two factors in one.</summary>
    public static readonly FirstFactor Passkey = new("passkey", [AuthenticationMethods.Several, AuthenticationMethods.SoftwareKey]);

    private static readonly FirstFactor MailedCode = new("code", [AuthenticationMethods.OneTimeCode]) { Repeats = SecondFactorNames.Email };

    private static readonly FirstFactor TextedCode = new("code", [AuthenticationMethods.OneTimeCode, AuthenticationMethods.Sms])
    {
        Repeats = SecondFactorNames.Sms,
    };

    /// <summary>The second factor that would prove the same again; null for none.</summary>
    public string? Repeats { get; init; }

    public static FirstFactor CodeTo(IContact contact) => contact.Kind == Users.PhoneKind ? TextedCode : MailedCode;
}
