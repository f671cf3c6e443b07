using Gatehouse.Identity.Verification;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Verification;

/// <summary>What holds for every purpose that the program knows, and for every pair of them.</summary>
public abstract class CrossPurposeSuite(TestApp app)
{
    private static readonly Guid Id = Guid.Parse("00000000-0000-7000-8000-0000000000c0");

    private readonly IReadOnlyList<VerificationPurpose> purposes = [.. app.Services.GetServices<VerificationPurpose>()];

    [Fact]
    public void Purposes_have_names_of_their_own_and_terms_within_the_rules()
    {
        Assert.Equal(purposes.Count, purposes.Select(purpose => purpose.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.Contains("registration", purposes.Select(purpose => purpose.Name));
        Assert.Contains("password-reset", purposes.Select(purpose => purpose.Name));
        Assert.All(
            purposes,
            purpose =>
            {
                Assert.InRange(purpose.CodeDigits, 6, 10);
                Assert.InRange(purpose.CodeLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10));
                Assert.InRange(purpose.Attempts, 1, 5);
                Assert.InRange(purpose.MaxSends, 1, 5);
            }
        );
    }

    [Fact]
    public void One_code_has_another_stored_form_for_every_purpose()
    {
        var key = app.Services.GetRequiredService<Gatehouse.Encryption.ServerKeys>().Get(Gatehouse.Encryption.ServerKeys.Codes);
        var code = OneTimeCode.New(8);
        var stored = purposes.Select(purpose => Convert.ToHexString(CodeHash.Compute(key, purpose.Name, Id, code))).ToList();

        Assert.Equal(stored.Count, stored.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task A_link_of_one_purpose_works_nowhere_else()
    {
        var email = TestUsers.NewEmail();
        await app.Users.RegisteredUserAsync(email);
        var reset = (await app.Users.PostAsync("/v1/password-resets", new { identifier = email })).ResetId();
        var resetLink = (await app.Users.LetterAsync(email, 2)).LinkToken;
        var started = await app.Users.RegisterAsync(TestUsers.NewEmail());

        Assert.Equal("identity.link-invalid", (await app.Users.PostAsync("/v1/registrations/confirm", new { token = resetLink })).Code);
        Assert.Equal(
            "identity.registration-not-found",
            (await app.Users.PostAsync($"/v1/registrations/{reset}/verify", new { code = "123456" })).Code
        );
        Assert.Equal("identity.registration-not-found", (await app.Users.PostAsync($"/v1/registrations/{reset}/resend", new { })).Code);
        Assert.Equal(
            "identity.reset-not-found",
            (await app.Users.PostAsync($"/v1/password-resets/{started.RegistrationId}/resend", new { })).Code
        );
    }
}

/// <summary>With verifications in PostgreSQL.</summary>
public sealed class CrossPurposeTests(RunningApp running) : CrossPurposeSuite(running.App);

/// <summary>With verifications in Redis.</summary>
public sealed class RedisCrossPurposeTests(RedisApp running) : CrossPurposeSuite(running.App), IClassFixture<RedisApp>;
