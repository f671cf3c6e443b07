using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Gatehouse.OpenId.Authorization;

/// <summary>What a request gets, made by us: OpenIddict puts it into the answer where it would put tokens of its own kind.</summary>
internal sealed class IssuedTokens
{
    private const string Key = "gatehouse:issued";

    public string? Code { get; init; }

    /// <summary>The reference of a request that was pushed, without the URN before it.</summary>
    public string? Reference { get; init; }

    /// <summary>For the device itself.</summary>
    public string? DeviceCode { get; init; }

    /// <summary>For the user of a device.</summary>
    public string? UserCode { get; init; }

    public string? AccessToken { get; init; }

    public string? RefreshToken { get; init; }

    public string? IdToken { get; init; }

    public TimeSpan Lifetime { get; init; }

    public IReadOnlyList<string> Scopes { get; init; } = [];

    public static IssuedTokens? Of(OpenIddictServerTransaction transaction) => transaction.GetProperty<IssuedTokens>(Key);

    public static void Set(OpenIddictServerTransaction transaction, IssuedTokens issued) => transaction.SetProperty(Key, issued);

    public static void Add(OpenIddictServerBuilder server)
    {
        server.AddEventHandler<ProcessSignInContext>(handler =>
            handler.UseSingletonHandler<Choose>().SetOrder(OpenIddictServerHandlers.EvaluateGeneratedTokens.Descriptor.Order + 500)
        );
        // Before the tokens of its own kind.
        server.AddEventHandler<GenerateTokenContext>(handler => handler.UseSingletonHandler<Text>().SetOrder(int.MinValue + 1000));
    }

    public override string ToString() => "[issued tokens]";

    internal sealed class Choose : IOpenIddictServerHandler<ProcessSignInContext>
    {
        public ValueTask HandleAsync(ProcessSignInContext context)
        {
            if (Of(context.Transaction) is not { AccessToken: not null } issued)
                return default;
            (context.GenerateRefreshToken, context.IncludeRefreshToken) = (
                issued.RefreshToken is not null,
                issued.RefreshToken is not null
            );
            (context.GenerateIdentityToken, context.IncludeIdentityToken) = (issued.IdToken is not null, issued.IdToken is not null);
            return default;
        }
    }

    internal sealed class Text : IOpenIddictServerHandler<GenerateTokenContext>
    {
        public ValueTask HandleAsync(GenerateTokenContext context)
        {
            var issued = Of(context.Transaction);
            context.Token =
                context.TokenType switch
                {
                    TokenTypeIdentifiers.AccessToken => issued?.AccessToken,
                    TokenTypeIdentifiers.RefreshToken => issued?.RefreshToken,
                    TokenTypeIdentifiers.IdentityToken => issued?.IdToken,
                    TokenTypeIdentifiers.Private.AuthorizationCode => issued?.Code,
                    TokenTypeIdentifiers.Private.RequestToken => issued?.Reference,
                    TokenTypeIdentifiers.Private.DeviceCode => issued?.DeviceCode,
                    TokenTypeIdentifiers.Private.UserCode => issued?.UserCode,
                    _ => null,
                } ?? throw new InvalidOperationException($"Nothing was made of the type {context.TokenType}.");
            return default;
        }
    }
}
