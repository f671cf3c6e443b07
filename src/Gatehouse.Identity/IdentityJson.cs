using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Recovery;
using Gatehouse.Identity.Sessions;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Tokens;
using Gatehouse.Web;

namespace Gatehouse.Identity;

/// <summary>The JSON form of this module's requests and responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RegisterUser.Request), TypeInfoPropertyName = "RegisterUserRequest")]
[JsonSerializable(typeof(RegisterUser.Response), TypeInfoPropertyName = "RegisterUserResponse")]
[JsonSerializable(typeof(ConfirmByCode.Request), TypeInfoPropertyName = "ConfirmByCodeRequest")]
[JsonSerializable(typeof(ConfirmByCode.Response), TypeInfoPropertyName = "ConfirmByCodeResponse")]
[JsonSerializable(typeof(ConfirmByLink.Request), TypeInfoPropertyName = "ConfirmByLinkRequest")]
[JsonSerializable(typeof(ConfirmByLink.Response), TypeInfoPropertyName = "ConfirmByLinkResponse")]
[JsonSerializable(typeof(ResendCode.Response), TypeInfoPropertyName = "ResendCodeResponse")]
[JsonSerializable(typeof(CheckUsername.Response), TypeInfoPropertyName = "CheckUsernameResponse")]
[JsonSerializable(typeof(SignInWithPassword.Request), TypeInfoPropertyName = "SignInWithPasswordRequest")]
[JsonSerializable(typeof(SignInWithPassword.Response), TypeInfoPropertyName = "SignInWithPasswordResponse")]
[JsonSerializable(typeof(RefreshSession.Request), TypeInfoPropertyName = "RefreshSessionRequest")]
[JsonSerializable(typeof(RefreshSession.Response), TypeInfoPropertyName = "RefreshSessionResponse")]
[JsonSerializable(typeof(Page<ListSessions.Item>), TypeInfoPropertyName = "ListSessionsPage")]
[JsonSerializable(typeof(RequestPasswordReset.Request), TypeInfoPropertyName = "RequestPasswordResetRequest")]
[JsonSerializable(typeof(RequestPasswordReset.Response), TypeInfoPropertyName = "RequestPasswordResetResponse")]
[JsonSerializable(typeof(ResendPasswordReset.Response), TypeInfoPropertyName = "ResendPasswordResetResponse")]
[JsonSerializable(typeof(CompletePasswordReset.Request), TypeInfoPropertyName = "CompletePasswordResetRequest")]
[JsonSerializable(typeof(UpdateMe.Request), TypeInfoPropertyName = "UpdateMeRequest")]
[JsonSerializable(typeof(UserView))]
[JsonSerializable(typeof(PublishKeys.KeySet))]
internal sealed partial class IdentityJson : JsonSerializerContext;
