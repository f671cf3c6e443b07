using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Authenticators;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Passkeys;

/// <summary>Passkeys (WebAuthn): adding and removing them, and signing in with one.</summary>
internal sealed class PasskeysArea : IArea
{
    public static readonly RateLimitPolicy OptionsLimit = RateLimitPolicy.Of<PasskeyLimits>("passkey-options", limits => limits.Options);

    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Operation<ListPasskeys.Handler>("Account", ListPasskeys.Map),
        Slice.Operation<CreatePasskeyOptions.Handler>("Account", CreatePasskeyOptions.Map),
        Slice.Operation<AddPasskey.Handler>("Account", AddPasskey.Map),
        Slice.Operation<RenamePasskey.Handler>("Account", RenamePasskey.Map),
        Slice.Operation<RemovePasskey.Handler>("Account", RemovePasskey.Map),
        Slice.Operation<RequestPasskey.Handler>("Sessions", RequestPasskey.Map),
        Slice.Operation<SignInWithPasskey.Handler>("Sessions", SignInWithPasskey.Map),
        Slice.Routes(PasskeySignInPage.Map),
        Slice.Routes(PasskeyPages.Map),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddRateLimits<PasskeyLimits>(configuration);
        services.AddRequests(PasskeysJson.Default);
    }
}

/// <summary>How often one client address may begin with a passkey.</summary>
internal sealed class PasskeyLimits
{
    /// <summary>Options for a passkey. Every look at the page to sign in takes them, so that the browser can offer a passkey.</summary>
    public RateLimitRule Options { get; set; } = new() { Permits = 300, Window = TimeSpan.FromMinutes(5) };
}

/// <summary>Rejections of this area. Each code has a page in docs/errors and a text in every language.</summary>
internal static class PasskeysErrors
{
    /// <summary>What was to be added is no answer to what was asked, or came too late.</summary>
    public static readonly Error NotAdded = new("identity.passkey-not-added", ErrorKind.Refused);

    /// <summary>None of the user's. Said of foreign and made-up ids alike.</summary>
    public static readonly Error NotFound = new("identity.passkey-not-found", ErrorKind.NotFound);

    public static readonly Error LimitReached = new("identity.passkey-limit-reached", ErrorKind.Conflict);

    /// <summary>Whoever has not verified the address or number must not leave a key in an account that may turn out to be
    /// another's.</summary>
    public static readonly Error VerificationRequired = new("identity.passkey-verification-required", ErrorKind.Forbidden);
}

/// <summary>The JSON form of this area's requests and responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Page<PasskeyView>), TypeInfoPropertyName = "PasskeysPage")]
[JsonSerializable(typeof(PasskeyOptions))]
[JsonSerializable(typeof(AddedPasskey))]
[JsonSerializable(typeof(AddPasskey.Request), TypeInfoPropertyName = "AddPasskeyRequest")]
[JsonSerializable(typeof(RenamePasskey.Request), TypeInfoPropertyName = "RenamePasskeyRequest")]
[JsonSerializable(typeof(SignInWithPasskey.Request), TypeInfoPropertyName = "SignInWithPasskeyRequest")]
internal sealed partial class PasskeysJson : JsonSerializerContext;
