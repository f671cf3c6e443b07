using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Configuration;
using Gatehouse.Core.Hosting;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Tokens;

/// <summary>Access tokens and the keys that sign them.</summary>
internal sealed class TokensArea : IArea
{
    public IReadOnlyList<Slice> Slices { get; } = [Slice.Routes(PublishKeys.Map), Slice.Command<RotateKeys>()];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<TokenOptions>(configuration, "Tokens");
        services.AddRequests(TokensJson.Default);
        services.AddSingleton<SigningKeys>().AddStartupTask<SigningKeys>();
        services.AddHostedService(provider => provider.GetRequiredService<SigningKeys>());
        services.AddSingleton<Revocations>().AddStartupTask<Revocations>().AddHealthDetail<Revocations>();
        services.AddHostedService(provider => provider.GetRequiredService<Revocations>());
        services.AddSingleton<AccessTokens>().AddSingleton<IAccessTokenCheck>(provider => provider.GetRequiredService<AccessTokens>());
        services.AddSingleton<TokenTransport>();
        services.AddRecurring<MaintainSigningKeys>("identity.keep-signing-keys", TimeSpan.FromHours(1));
    }
}

/// <summary>The JSON form of this area's documents.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PublishKeys.KeySet))]
[JsonSerializable(typeof(SignInResponse))]
internal sealed partial class TokensJson : JsonSerializerContext;
