using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Identity.Accounts;

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
internal sealed partial class IdentityJson : JsonSerializerContext;
