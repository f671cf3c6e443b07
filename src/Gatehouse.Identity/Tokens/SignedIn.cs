using System.ComponentModel;
using Gatehouse.Identity.Data;

namespace Gatehouse.Identity.Tokens;

/// <summary>A session that has just begun or gone on, before it is known how the tokens travel (<see cref="TokenTransport"/>).</summary>
/// <param name="DeviceToken">What makes the device known at the next sign-in; null where it holds one already.</param>
internal sealed record SignedIn(UserView User, TokensView Tokens, string? DeviceToken) : SignInStep
{
    /// <summary>The device that the token makes known.</summary>
    public Guid? DeviceId { get; init; }
}

/// <summary>The answer of every operation that signs a user in or keeps one signed in.</summary>
public sealed record SignInResponse
{
    public required UserView User { get; init; }

    public required TokensView Tokens { get; init; }

    [Description(
        "Send it as header Gatehouse-Device at the next sign-in from this device (browsers hold it in a cookie): "
            + "guesses from elsewhere then do not make this device wait. Null where the device holds one already."
    )]
    public string? DeviceToken { get; init; }
}
