using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Tokens;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Factors;

/// <summary>Second factors and the challenges that ask for them.</summary>
internal sealed class FactorsArea : IArea
{
    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Operation<AnswerChallenge.Handler>("Sessions", AnswerChallenge.Map),
        Slice.Operation<AskForPasskey.Handler>("Sessions", AskForPasskey.Map),
        Slice.Operation<ListFactors.Handler>("Account", ListFactors.Map),
        Slice.Operation<EnrollTotp.Handler>("Account", EnrollTotp.Map),
        Slice.Operation<ConfirmTotp.Handler>("Account", ConfirmTotp.Map),
        Slice.Operation<RemoveTotp.Handler>("Account", RemoveTotp.Map),
        Slice.Operation<MakeRecoveryCodes.Handler>("Account", MakeRecoveryCodes.Map),
        Slice.Operation<SendChallengeCode.Handler>("Sessions", SendChallengeCode.Map),
        Slice.Operation<EnrollSentCode.Handler>("Account", EnrollSentCode.Map),
        Slice.Operation<ConfirmSentCode.Handler>("Account", ConfirmSentCode.Map),
        Slice.Operation<RemoveSentCode.Handler>("Account", RemoveSentCode.Map),
        Slice.Routes(ChallengePages.Map),
        Slice.Routes(FactorPages.Map),
        Slice.Routes(SentCodePages.Map),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddRequests(FactorsJson.Default);
        services.AddStoredValue<EncryptedValue<TotpSecret>, byte[]>();
        services.AddStoredValue<Hash<RecoveryCode>, byte[]>();
        services.AddSingleton<SecurityNotice>();
        services.AddSingleton<SecondFactors>();
        services.AddSingleton<ISecondFactor, PasskeyFactor>();
        services.AddSingleton<ISecondFactor, TotpFactor>();
        services.AddSingleton<RecoveryCodes>();
        services.AddSingleton<ISecondFactor>(provider => provider.GetRequiredService<RecoveryCodes>());
        services.AddVerification<SentCodeVerification>().AddSingleton<SentCodes>();
        services.AddSingleton<ISecondFactor>(provider =>
            SentCodeFactor.Sms(provider.GetRequiredService<SentCodes>(), provider.GetRequiredService<SentCodeVerification>())
        );
        services.AddSingleton<ISecondFactor>(provider =>
            SentCodeFactor.Email(provider.GetRequiredService<SentCodes>(), provider.GetRequiredService<SentCodeVerification>())
        );
        services.AddSingleton<ContactFactors>().AddSingleton<SuspectFactors>();
        services.AddRecurring<PurgeChallenges>("identity.purge-challenges", TimeSpan.FromMinutes(10));
    }
}

/// <summary>Rejections of this area. Each code has a page in docs/errors and a text in every language.</summary>
internal static class FactorsErrors
{
    /// <summary>No such challenge, or its time, attempts or occasion are over. Said of foreign and made-up ids alike.</summary>
    public static readonly Error ChallengeNotFound = new("identity.challenge-not-found", ErrorKind.NotFound);

    /// <summary>The user has no such factor.</summary>
    public static readonly Error NotFound = new("identity.factor-not-found", ErrorKind.NotFound);

    /// <summary>There is one already; it has to be removed first.</summary>
    public static readonly Error AlreadyAdded = new("identity.factor-already-added", ErrorKind.Conflict);

    /// <summary>The tenant does not let it count.</summary>
    public static readonly Error NotAllowed = new("identity.factor-not-allowed", ErrorKind.Forbidden);

    /// <summary>Only who verified the address or number adds one: it would stay with whoever registered first.</summary>
    public static readonly Error VerificationRequired = new("identity.factor-verification-required", ErrorKind.Forbidden);

    /// <summary>There is no verified number or address that codes could be sent to.</summary>
    public static readonly Error NoContact = new("identity.no-verified-contact", ErrorKind.Conflict);

    /// <summary>Recovery codes stand in for a factor; the user has none.</summary>
    public static readonly Error NoneAdded = new("identity.no-second-factor", ErrorKind.Conflict);

    /// <summary>The last one cannot be removed where one is required.</summary>
    public static readonly Error Required = new("identity.factor-required", ErrorKind.Conflict);

    /// <summary>Without it the password would stand alone, for which it is too short.</summary>
    public static readonly Error PasswordTooShortAlone = new("identity.password-too-short-alone", ErrorKind.Conflict);
}

/// <summary>The JSON form of this area's requests and responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(AnswerChallenge.Request), TypeInfoPropertyName = "AnswerChallengeRequest")]
[JsonSerializable(typeof(ChallengeResponse))]
[JsonSerializable(typeof(FactorsView))]
[JsonSerializable(typeof(TotpEnrollment))]
[JsonSerializable(typeof(ConfirmTotp.Request), TypeInfoPropertyName = "ConfirmTotpRequest")]
[JsonSerializable(typeof(NewRecoveryCodes))]
[JsonSerializable(typeof(SendChallengeCode.Request), TypeInfoPropertyName = "SendChallengeCodeRequest")]
[JsonSerializable(typeof(ConfirmSentCode.Request), TypeInfoPropertyName = "ConfirmSentCodeRequest")]
[JsonSerializable(typeof(SentCodeView))]
internal sealed partial class FactorsJson : JsonSerializerContext;
