using Gatehouse.Core.Results;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Identity.SignInReports;

/// <summary>The page behind the link of the notice. Whoever has the mailbox goes on here, signed in or not.</summary>
internal sealed class SignInReportPages(NewDeviceVerification purpose, ReportSignIn.Handler report) : VerificationPages(purpose)
{
    public override string StartPath => SignInPath;

    public override string LinkPath => TellOfNewDevice.LinkPath;

    public override string DonePath => LinkPath + "/done";

    public override bool HasCode => false;

    public override IReadOnlyList<PageField> CodeFields(VerificationForm form, Error? error) => [];

    public override LinkStep LinkStep(VerificationForm form, PendingVerification pending, Error? error) =>
        new(Verification.LinkStep.Link, []);

    public override Task<Outcome<string>> EnterCodeAsync(Guid id, VerificationForm form, HttpContext http) =>
        Task.FromResult<Outcome<string>>(Purpose.NotFound);

    public override async Task<Outcome<string>> FollowLinkAsync(PendingVerification pending, VerificationForm form, HttpContext http)
    {
        var request = new ReportSignIn.Request { Token = form.Token };
        var outcome = await report.HandleAsync(Input.Of(request), http.Actor(), http.RequestAborted);
        return outcome.Error is { } error ? error : DonePath;
    }

    public override Task<Error?> ResendAsync(Guid id, HttpContext http) => Task.FromResult<Error?>(Purpose.NotFound);
}
