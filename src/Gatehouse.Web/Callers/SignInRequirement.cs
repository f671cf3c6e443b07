using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web;

/// <summary>Marks an operation that only a signed-in person may call. <see cref="CallerResolution"/> enforces it.</summary>
public sealed class SignInRequirement
{
    private SignInRequirement()
    {
    }

    public static SignInRequirement Instance { get; } = new();
}

/// <summary>Marks an operation to which it matters whether the device is known.</summary>
public sealed class DeviceTokenMetadata
{
    private DeviceTokenMetadata()
    {
    }

    public static DeviceTokenMetadata Instance { get; } = new();
}

public static class SignInExtensions
{
    /// <summary>Only a signed-in person may call it: a good access token in <c>Authorization: Bearer</c>. Everybody else gets 401.</summary>
    public static RouteHandlerBuilder RequireSignIn(this RouteHandlerBuilder builder) =>
        builder.WithMetadata(SignInRequirement.Instance).Refuses(StatusCodes.Status401Unauthorized);

    /// <summary>Continues the session of a browser by its refresh cookie, where the access cookie is over or broken.</summary>
    public static RouteHandlerBuilder RenewSession(this RouteHandlerBuilder builder) => builder.WithMetadata(RenewalMark.Instance);

    /// <summary>Documents that a device may say here that it is known.</summary>
    public static RouteHandlerBuilder AcceptDeviceToken(this RouteHandlerBuilder builder) => builder.WithMetadata(DeviceTokenMetadata.Instance);
}
