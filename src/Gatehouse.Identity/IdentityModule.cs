using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Administration;
using Gatehouse.Identity.Authenticators;
using Gatehouse.Identity.Captcha;
using Gatehouse.Identity.Closing;
using Gatehouse.Identity.Credentials;
using Gatehouse.Identity.Exports;
using Gatehouse.Identity.Factors;
using Gatehouse.Identity.Files;
using Gatehouse.Identity.Passkeys;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Recovery;
using Gatehouse.Identity.Sessions;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.SignInCodes;
using Gatehouse.Identity.SignInReports;
using Gatehouse.Identity.Tokens;
using Gatehouse.Identity.Verification;
using Gatehouse.Web.Modules;

namespace Gatehouse.Identity;

/// <summary>Users and how they authenticate.</summary>
public sealed class IdentityModule : IModule
{
    public string Name => "identity";

    public IReadOnlyList<IArea> Areas { get; } =
    [
        new PasswordsArea(),
        new CaptchaArea(),
        new AccountsArea(),
        new VerificationArea(),
        new SignInArea(),
        new FactorsArea(),
        new SignInCodesArea(),
        new AuthenticatorsArea(),
        new PasskeysArea(),
        new SessionsArea(),
        new TokensArea(),
        new RecoveryArea(),
        new FilesArea(),
        new CredentialsArea(),
        new ClosingArea(),
        new SignInReportsArea(),
        new ExportsArea(),
        new AdministrationArea(),
    ];
}
