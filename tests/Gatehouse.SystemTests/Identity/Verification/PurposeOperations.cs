using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Gatehouse.Identity.Verification;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Verification;

/// <summary>The operations of one purpose of verification. A new purpose adds a row to <see cref="All"/>.</summary>
internal sealed record PurposeOperations
{
    private const string Id = "{id}";

    public static readonly IReadOnlyList<PurposeOperations> All =
    [
        new()
        {
            Purpose = "registration",
            IdMember = "registrationId",
            Verify = "/v1/registrations/{id}/verify",
            Confirm = "/v1/registrations/confirm",
            Resend = "/v1/registrations/{id}/resend",
            Pages = ("/sign-up/code", "/register/confirm"),
            Done = HttpStatusCode.Created,
            BeginAsync = async client =>
            {
                var email = TestUsers.NewEmail();
                var body = $$"""{"email":"{{email}}","name":"Ada","password":"{{TestUsers.Password}}"}""";
                return new Begun(await client.PostAsync("/v1/registrations", body), email, Mails: 1);
            },
        },
        new()
        {
            Purpose = "password-reset",
            IdMember = "resetId",
            Verify = "/v1/password-resets/{id}/complete",
            Confirm = "/v1/password-resets/{id}/complete",
            Resend = "/v1/password-resets/{id}/resend",
            Pages = ("/forgot/code", "/reset"),
            AlsoSent = $",\"password\":\"{Resetting.NewPassword}\"",
            Done = HttpStatusCode.NoContent,
            BeginAsync = async client =>
            {
                var registration = client with { Operations = Of("registration") };
                var account = await registration.StartAsync();
                Assert.Equal(registration.Operations.Done, (await registration.VerifyAsync(account.Id, account.Code)).Status);
                var body = $$"""{"identifier":"{{account.Email}}"}""";
                return new Begun(await client.PostAsync("/v1/password-resets", body), account.Email, Mails: 2);
            },
        },
        new()
        {
            Purpose = "sign-in-code",
            IdMember = "signInCodeId",
            Verify = "/v1/sign-in-codes/{id}/verify",
            Confirm = "/v1/sign-in-codes/confirm",
            Resend = "/v1/sign-in-codes/{id}/resend",
            Pages = ("/sign-in/code", "/sign-in/link"),
            Done = HttpStatusCode.Created,
            BeginAsync = client => BeginSignInAsync(client, Of("registration")),
        },
    ];

    /// <summary>
    /// Purposes with tests of their own: the code that creates a user is sent in by who is signed in, there is no link, and whether it was
    /// right is said by an operation (UserCreationTests, HeldCreationTests); new addresses and numbers are proved by who is signed in
    /// (ChangeEmailTests, ChangePhoneTests), and a link alone brings an address back (UndoEmailChangeTests) or says that a sign-in was not
    /// the owner's (NewDeviceTests); codes as second factors answer a challenge (SmsCodeTests).
    /// </summary>
    public static readonly IReadOnlyList<string> Elsewhere =
    [
        "email-change",
        "email-undo",
        "new-device",
        "phone-change",
        "second-factor",
        "user-creation",
    ];

    /// <summary>The same purposes by phone: their messages have a code and no link.</summary>
    public static readonly IReadOnlyList<PurposeOperations> ByPhone =
    [
        Of("registration") with
        {
            HasLink = false,
            BeginAsync = async client =>
            {
                var number = TestUsers.NewPhone();
                var body = $$"""{"phoneNumber":"{{number}}","name":"Ada","password":"{{TestUsers.Password}}"}""";
                return new Begun(await client.PostAsync("/v1/registrations", body), number, Mails: 1);
            },
        },
        Of("password-reset") with
        {
            HasLink = false,
            BeginAsync = async client =>
            {
                var registration = client with { Operations = ByPhone![0] };
                var account = await registration.StartAsync();
                Assert.Equal(registration.Operations.Done, (await registration.VerifyAsync(account.Id, account.Code)).Status);
                var body = $$"""{"identifier":"{{account.Email}}"}""";
                return new Begun(await client.PostAsync("/v1/password-resets", body), account.Email, Mails: 2);
            },
        },
        Of("sign-in-code") with
        {
            HasLink = false,
            BeginAsync = client => BeginSignInAsync(client, ByPhone![0]),
        },
    ];

    public required string Purpose { get; init; }

    /// <summary>Whether its messages have a link beside the code.</summary>
    public bool HasLink { get; init; } = true;

    /// <summary>What the answer to the beginning calls the id.</summary>
    public required string IdMember { get; init; }

    public required string Verify { get; init; }

    public required string Confirm { get; init; }

    public required string Resend { get; init; }

    /// <summary>Members that stand beside a code or a token.</summary>
    public string AlsoSent { get; init; } = "";

    /// <summary>The status of success.</summary>
    public required HttpStatusCode Done { get; init; }

    /// <summary>The page of the code, and the one behind the link.</summary>
    public required (string Code, string Link) Pages { get; init; }

    public required Func<PurposeClient, Task<Begun>> BeginAsync { get; init; }

    /// <summary>Whether a link is looked for under the id that it is sent with; otherwise it names its verification by itself.</summary>
    public bool LinkHasId => Confirm.Contains(Id, StringComparison.Ordinal);

    public static PurposeOperations Of(string purpose) => All.Single(operations => operations.Purpose == purpose);

    private static async Task<Begun> BeginSignInAsync(PurposeClient client, PurposeOperations registrations)
    {
        var registration = client with { Operations = registrations };
        var account = await registration.StartAsync();
        Assert.Equal(registration.Operations.Done, (await registration.VerifyAsync(account.Id, account.Code)).Status);
        return new Begun(await client.PostAsync("/v1/sign-in-codes", $$"""{"identifier":"{{account.Email}}"}"""), account.Email, Mails: 2);
    }

    public static string At(string path, object id) => path.Replace(Id, $"{id}", StringComparison.Ordinal);

    internal sealed record Begun(Answer Answer, string Email, int Mails);
}

/// <summary>A verification that waits for its code or link.</summary>
internal sealed record Started
{
    public required Guid Id { get; init; }

    public required string Email { get; init; }

    /// <summary>How many mails the address had received then.</summary>
    public required int Mails { get; init; }

    public required string Code { get; init; }

    public required string Link { get; init; }
}

/// <summary>Uses one purpose's operations in an application, for a tenant where it has several.</summary>
internal sealed record PurposeClient(TestApp App, PurposeOperations Operations, (string Name, string Value)? Tenant = null)
{
    public VerificationPurpose Terms =>
        App.Services.GetServices<VerificationPurpose>().Single(purpose => purpose.Name == Operations.Purpose);

    /// <summary>The error of a link that leads to no verification.</summary>
    public string NoSuchLink => Operations.LinkHasId ? Terms.NotFound.Code : "identity.link-invalid";

    /// <summary>A code of the right form.</summary>
    public string AnyCode => new('1', Terms.CodeDigits);

    public async Task<Started> StartAsync()
    {
        var begun = await Operations.BeginAsync(this);
        Assert.Equal(HttpStatusCode.Accepted, begun.Answer.Status);
        var id = begun.Answer.Body.GetProperty(Operations.IdMember).GetGuid();
        return await ReadAsync(
            new Started
            {
                Id = id,
                Email = begun.Email,
                Mails = begun.Mails,
                Code = "",
                Link = "",
            }
        );
    }

    /// <summary>What the next mail to the address brings.</summary>
    public Task<Started> NextAsync(Started before) => ReadAsync(before with { Mails = before.Mails + 1 });

    public Task<Answer> VerifyAsync(Guid id, string code) => VerifyWithAsync(id, $"\"code\":\"{code}\"");

    public Task<Answer> VerifyWithAsync(object id, string members) => ProveAsync(Operations.Verify, id, members);

    public Task<Answer> ConfirmAsync(Guid id, string token) => ConfirmWithAsync(id, $"\"token\":\"{token}\"");

    public Task<Answer> ConfirmWithAsync(object id, string members) => ProveAsync(Operations.Confirm, id, members);

    public Task<Answer> ResendAsync(object id) => PostAsync(PurposeOperations.At(Operations.Resend, id), body: null);

    public Task<Answer> PostAsync(string path, string? body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (Tenant is { } tenant)
            request.Headers.Add(tenant.Name, tenant.Value);
        return App.Users.SendAsync(request);
    }

    private Task<Answer> ProveAsync(string path, object id, string members) =>
        PostAsync(PurposeOperations.At(path, id), "{" + (members + Operations.AlsoSent).TrimStart(',') + "}");

    private async Task<Started> ReadAsync(Started started)
    {
        var letter = await App.Users.LetterAsync(started.Email, started.Mails);
        var code = Regex.Match(letter.Text, $@"\b\d{{{Terms.CodeDigits}}}\b").Value;
        return started with { Code = code, Link = letter.LinkToken };
    }
}
