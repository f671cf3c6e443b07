using Gatehouse.Core.Results;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Identity.Credentials;

/// <summary>The page behind the link that brings a former address back. Whoever has the mailbox goes on here, signed in or not.</summary>
internal sealed class EmailUndoPages(EmailUndoVerification purpose, UndoEmailChange.Handler undo) : VerificationPages(purpose)
{
    public const string Link = "/email-undo";

    public override string StartPath => SignInPath;

    public override string LinkPath => Link;

    public override string DonePath => Link + "/done";

    public override bool HasCode => false;

    public override IReadOnlyList<PageField> CodeFields(VerificationForm form, Error? error) => [];

    public override LinkStep LinkStep(VerificationForm form, PendingVerification pending, Error? error) =>
        new(Verification.LinkStep.Link, []);

    public override Task<Outcome<string>> EnterCodeAsync(Guid id, VerificationForm form, HttpContext http) =>
        Task.FromResult<Outcome<string>>(Purpose.NotFound);

    public override async Task<Outcome<string>> FollowLinkAsync(PendingVerification pending, VerificationForm form, HttpContext http)
    {
        var request = new UndoEmailChange.Request { Token = form.Token };
        var outcome = await undo.HandleAsync(Input.Of(request), http.Actor(), http.RequestAborted);
        return outcome.Error is { } error ? error : DonePath;
    }

    public override Task<Error?> ResendAsync(Guid id, HttpContext http) => Task.FromResult<Error?>(Purpose.NotFound);

    public override string? WayOut(Error error) => error.Code == CredentialsErrors.UndoSuperseded.Code ? SignInPath : base.WayOut(error);
}
