using Gatehouse.Identity.Verification;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Verification;

/// <summary>What holds for every purpose that the program knows, and for every pair of them.</summary>
public abstract class CrossPurposeSuite(TestApp app)
{
    private static readonly Guid Id = Guid.Parse("00000000-0000-7000-8000-0000000000c0");

    private static readonly bool[] Ways = [false, true];

    private readonly IReadOnlyList<VerificationPurpose> purposes = [.. app.Services.GetServices<VerificationPurpose>()];

    public static TheoryData<string, string, bool> Pairs =>
        [
            .. from own in PurposeOperations.All
            from other in PurposeOperations.All
            from byPhone in Ways
            where own != other
            select (own.Purpose, other.Purpose, byPhone),
        ];

    [Fact]
    public void Purposes_have_names_of_their_own_and_terms_within_the_rules()
    {
        Assert.Equal(purposes.Count, purposes.Select(purpose => purpose.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.Contains("registration", purposes.Select(purpose => purpose.Name));
        Assert.Contains("password-reset", purposes.Select(purpose => purpose.Name));
        Assert.Contains("sign-in-code", purposes.Select(purpose => purpose.Name));
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

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_code_link_or_id_of_one_purpose_is_none_of_another(string purpose, string other, bool byPhone)
    {
        var (own, foreign) = (Client(purpose), Client(other));
        var (ofOwn, ofForeign) = (await own.StartAsync(), await foreign.StartAsync());

        Assert.Equal(own.Terms.NotFound.Code, (await own.VerifyAsync(ofForeign.Id, own.AnyCode)).Code);
        if (!byPhone)
        {
            Assert.Equal(own.NoSuchLink, (await own.ConfirmAsync(ofForeign.Id, ofForeign.Link)).Code);
            Assert.Equal("identity.link-invalid", (await own.ConfirmAsync(ofOwn.Id, ofForeign.Link)).Code);
        }

        Assert.Equal(own.Terms.NotFound.Code, (await own.ResendAsync(ofForeign.Id)).Code);
        Assert.Equal(
            own.Operations.Done,
            (await (byPhone ? own.VerifyAsync(ofOwn.Id, ofOwn.Code) : own.ConfirmAsync(ofOwn.Id, ofOwn.Link))).Status
        );
        Assert.Equal(foreign.Operations.Done, (await foreign.VerifyAsync(ofForeign.Id, ofForeign.Code)).Status);

        PurposeClient Client(string name) =>
            new(app, (byPhone ? PurposeOperations.ByPhone : PurposeOperations.All).Single(operations => operations.Purpose == name));
    }
}

/// <summary>With verifications in PostgreSQL.</summary>
public sealed class CrossPurposeTests(RunningApp running) : CrossPurposeSuite(running.App);

/// <summary>With verifications in Redis.</summary>
public sealed class RedisCrossPurposeTests(RedisApp running) : CrossPurposeSuite(running.App), IClassFixture<RedisApp>;
