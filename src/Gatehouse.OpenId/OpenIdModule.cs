using Gatehouse.OpenId.Authorization;
using Gatehouse.OpenId.Clients;
using Gatehouse.OpenId.SignIn;
using Gatehouse.Web.Modules;

namespace Gatehouse.OpenId;

/// <summary>OAuth 2.0 and OpenID Connect: service accounts, applications that sign users in, and the tokens they get. Needs the module
/// <c>identity</c> in the same process, which signs.</summary>
public sealed class OpenIdModule : IModule
{
    public string Name => "openid";

    public IReadOnlyList<IArea> Areas { get; } = [new ClientsArea(), new SignInArea(), new AuthorizationArea()];
}
