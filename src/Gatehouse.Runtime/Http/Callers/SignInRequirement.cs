using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Runtime.Http;

/// <summary>Marks an operation that only a signed-in person may call. <see cref="CallerResolution"/> enforces it.</summary>
internal sealed class SignInRequirement : IAuthorizeData
{
    public static SignInRequirement Instance { get; } = new();

    public string? Policy { get; set; }

    public string? Roles { get; set; }

    public string? AuthenticationSchemes { get; set; }
}

public static class SignInExtensions
{
    /// <summary>Only a signed-in person may call it: a good access token in <c>Authorization: Bearer</c>. Everybody else gets 401.</summary>
    public static RouteHandlerBuilder RequireSignIn(this RouteHandlerBuilder builder) =>
        builder.WithMetadata(SignInRequirement.Instance).Refuses(StatusCodes.Status401Unauthorized);
}
