using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Access;
using Gatehouse.Core.Configuration;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Tokens;

/// <summary>Access tokens and the keys that sign them.</summary>
internal sealed class TokensArea : IArea
{
    public IReadOnlyList<Permission> Permissions { get; } = [TokenPermissions.Introspect];

    public IReadOnlyList<Slice> Slices { get; } =
    [Slice.Routes(PublishKeys.Map), Slice.Command<RotateKeys>(), Slice.Rpc<TokensService>(TokenPermissions.Introspect)];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<TokenOptions>(configuration, "Tokens");
        services.AddRequests(TokensJson.Default);
        services.AddSingleton<SigningKeys>().AddStartupTask<SigningKeys>();
        services.AddHostedService(provider => provider.GetRequiredService<SigningKeys>());
        services.AddSingleton<Revocations>().AddStartupTask<Revocations>().AddHealthDetail<Revocations>();
        services.AddHostedService(provider => provider.GetRequiredService<Revocations>());
        services.AddSingleton<AccessTokens>().AddSingleton<IAccessTokenCheck>(provider => provider.GetRequiredService<AccessTokens>());
        services.AddSingleton<IdTokens>().AddSingleton<TokenTransport>();
        services.AddRecurring<MaintainSigningKeys>("identity.keep-signing-keys", TimeSpan.FromHours(1));
    }
}

/// <summary>Rejections of this area. Each code has a page in docs/errors and a text in every language.</summary>
internal static class TokenErrors
{
    /// <summary>The token that was asked about, not the caller's own.</summary>
    public static readonly Error NotGood = new("identity.token-not-good", ErrorKind.Unauthenticated);
}

/// <summary>The JSON form of this area's documents.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PublishKeys.KeySet))]
[JsonSerializable(typeof(SignInResponse))]
internal sealed partial class TokensJson : JsonSerializerContext;
