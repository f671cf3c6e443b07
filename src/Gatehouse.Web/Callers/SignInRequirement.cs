using Microsoft.AspNetCore.Builder;

namespace Gatehouse.Web;

/// <summary>Marks an operation to which it matters whether the device is known.</summary>
public sealed class DeviceTokenMetadata
{
    private DeviceTokenMetadata() { }

    public static DeviceTokenMetadata Instance { get; } = new();
}

public static class SignInExtensions
{
    /// <summary>Only a signed-in user may call it. A service account gets 403; everybody else gets 401, or is led to sign in where it is a
    /// page.</summary>
    public static RouteHandlerBuilder RequireSignIn(this RouteHandlerBuilder builder) =>
        builder.RequireAuthorization(GatehouseAuthentication.SignedIn);

    /// <summary>Only a signed-in user or a service account may call it; everybody else gets 401.</summary>
    public static RouteHandlerBuilder RequireActor(this RouteHandlerBuilder builder) =>
        builder.RequireAuthorization(GatehouseAuthentication.AnyActor);

    /// <summary>Also users may call it who have to add a second factor first.</summary>
    public static RouteHandlerBuilder AllowBeforeEnrollment(this RouteHandlerBuilder builder) =>
        builder.WithMetadata(EnrollmentMark.Instance);

    /// <summary>Also users may call it who have closed their account.</summary>
    public static RouteHandlerBuilder AllowWhenClosed(this RouteHandlerBuilder builder) => builder.WithMetadata(ClosedMark.Instance);

    /// <summary>Continues the session of a browser by its refresh cookie, where the access cookie is over or broken.</summary>
    public static RouteHandlerBuilder RenewSession(this RouteHandlerBuilder builder) => builder.WithMetadata(RenewalMark.Instance);

    /// <summary>Documents that a device may say here that it is known.</summary>
    public static RouteHandlerBuilder AcceptDeviceToken(this RouteHandlerBuilder builder) =>
        builder.WithMetadata(DeviceTokenMetadata.Instance);
}
