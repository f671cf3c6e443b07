using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Codes;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Recovery;
using Gatehouse.Identity.Sessions;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Tokens;
using Gatehouse.Web.Modules;

namespace Gatehouse.Identity;

/// <summary>People and how they prove who they are.</summary>
public sealed class IdentityModule : IModule
{
    internal const string MeterName = "Gatehouse.Identity";

    public string Name => "identity";

    public IReadOnlyList<IArea> Areas { get; } =
    [
        new PasswordsArea(),
        new AccountsArea(),
        new CodesArea(),
        new SignInArea(),
        new SessionsArea(),
        new TokensArea(),
        new RecoveryArea(),
    ];
}
