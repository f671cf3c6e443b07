using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.SignInReports;

/// <summary>The owner of an account says that somebody else signed in.</summary>
internal sealed class SignInReportsArea : IArea
{
    public IReadOnlyList<Slice> Slices { get; } = [Slice.Operation<ReportSignIn.Handler>("Sessions", ReportSignIn.Map)];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddRequests(SignInReportsJson.Default);
        services.AddVerification<NewDeviceVerification, SignInReportPages>();
    }
}

/// <summary>The JSON form of this area's requests and responses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ReportSignIn.Request), TypeInfoPropertyName = "ReportSignInRequest")]
internal sealed partial class SignInReportsJson : JsonSerializerContext;
