namespace Gatehouse.Identity.Passwords;

/// <summary>Knows passwords that became public in a breach of some service.</summary>
internal interface IBreachedPasswords
{
    Task<BreachAnswer> AskAsync(PasswordInput password, CancellationToken cancellationToken);
}

/// <param name="Found">Whether the password is known from a breach.</param>
/// <param name="Failure">Why there is no answer, in a word for audit, metric and log; null when there is one.</param>
internal readonly record struct BreachAnswer(bool Found, string? Failure = null)
{
    public static Task<BreachAnswer> None { get; } = Task.FromResult(default(BreachAnswer));

    public static BreachAnswer Failed(string reason) => new(Found: false, reason);
}

/// <summary>The default: nobody is asked.</summary>
internal sealed class NoBreachCheck : IBreachedPasswords
{
    public Task<BreachAnswer> AskAsync(PasswordInput password, CancellationToken cancellationToken) => BreachAnswer.None;
}
