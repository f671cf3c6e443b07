using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Actors;

namespace Gatehouse.Identity.Data;

/// <summary>The names of what a challenge can be answered with, as clients see them and as they are stored.</summary>
internal static class SecondFactorNames
{
    public const string Passkey = "passkey";
    public const string Totp = "totp";
    public const string Sms = "sms";
    public const string Email = "email";

    /// <summary>Stands in for any of the others, and is none that counts by itself.</summary>
    public const string RecoveryCode = "recovery-code";
}

/// <summary>Which second factors count. Pure.</summary>
internal static class SecondFactorRules
{
    /// <summary>
    /// Those that the user has and the tenant lets count, in the tenant's order, and the recovery codes behind them; none when nothing is
    /// asked for.
    /// </summary>
    /// <param name="repeated">The one that would prove again what the first factor proved: it is no second one. Null for none.</param>
    public static IReadOnlyList<string> Asked(IReadOnlyList<string> held, TenantSettings settings, string? repeated = null)
    {
        var counting = Counting(held, settings);
        return counting.Count == 0 ? [] : [.. counting.Where(name => name != repeated), SecondFactorNames.RecoveryCode];
    }

    /// <summary>Those of the user's that the tenant lets count.</summary>
    public static IReadOnlyList<string> Counting(IReadOnlyList<string> held, TenantSettings settings) =>
        settings.SecondFactor == SecondFactorPolicy.Off
            ? []
            : [.. settings.SecondFactors.Where(name => held.Contains(name, StringComparer.Ordinal))];

    /// <summary>Whether what proves it is worth more than the password alone: a mailbox is not, it resets the password.</summary>
    public static bool Strengthens(string factor) => factor != SecondFactorNames.Email;

    /// <summary>Whether a shorter password is enough.</summary>
    public static bool AllowsShortPassword(IReadOnlyList<string> held, TenantSettings settings) =>
        Counting(held, settings).Any(Strengthens);

    /// <summary>Whether a session has proved a second factor, where the user has one. A mailed code is no more than a code, and so is what
    /// is asked of who has nothing better.</summary>
    /// <param name="methods">What the session says of itself (RFC 8176).</param>
    public static bool IsProved(IReadOnlyList<string> held, IReadOnlyCollection<string> methods, TenantSettings settings)
    {
        var counting = Counting(held, settings);
        return counting.Count == 0
            || methods.Contains(AuthenticationMethods.Several)
            || (!counting.Any(Strengthens) && methods.Contains(AuthenticationMethods.OneTimeCode));
    }

    /// <summary>Whether the tenant asks the user for a second factor.</summary>
    /// <param name="roles">All that the user holds anywhere in the tenant.</param>
    public static bool IsRequired(TenantSettings settings, IReadOnlyCollection<string> roles) =>
        settings.SecondFactor == SecondFactorPolicy.Required
        || (settings.SecondFactor == SecondFactorPolicy.Optional && settings.SecondFactorRoles.Any(roles.Contains));
}
