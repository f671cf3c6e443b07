using Gatehouse.OpenId.Authorization;
using Gatehouse.OpenId.Clients;
using Gatehouse.Web.Modules;

namespace Gatehouse.OpenId;

/// <summary>OAuth 2.0 for machines: clients, their secrets, and the tokens they get. Needs the module <c>identity</c> in the same
/// process, which signs.</summary>
public sealed class OpenIdModule : IModule
{
    public string Name => "openid";

    public IReadOnlyList<IArea> Areas { get; } = [new ClientsArea(), new AuthorizationArea()];
}
