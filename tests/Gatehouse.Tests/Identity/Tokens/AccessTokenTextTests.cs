using System.Buffers.Text;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Gatehouse.Identity.Tokens;
using Gatehouse.Tests.Identity.Values;

namespace Gatehouse.Tests.Identity.Tokens;

public class AccessTokenTextTests
{
    private const string Issuer = "https://id.example";
    private const string Audience = "https://api.example";
    private const string GoodHeader = """{"alg":"ES256","typ":"at+jwt","kid":"key"}""";
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Person = Guid.Parse("0197a0b2-0000-7000-8000-000000000001");
    private static readonly Guid Session = Guid.Parse("0197a0b2-0000-7000-8000-000000000002");
    private static readonly Guid Tenant = Guid.Parse("0197a0b2-0000-7000-8000-000000000003");

    private static readonly Guid TokenId = Guid.Parse("0197a0b2-0000-7000-8000-000000000004");

    private static string GoodClaims => Claims();

    [Fact]
    public void A_token_comes_apart_and_says_whose_it_is()
    {
        var text = $"{Encode(GoodHeader)}.{Encode(GoodClaims)}.AAEC";
        var parts = AccessTokenText.Split(text)!;

        Assert.Equal("key", parts.KeyId);
        Assert.Equal(text[..text.LastIndexOf('.')], Encoding.ASCII.GetString(parts.Signed));
        Assert.Equal(new byte[] { 0, 1, 2 }, parts.Signature);
        var judged = AccessTokenText.ReadClaims(parts, issuer => issuer == Issuer, Now)!;
        Assert.Equal(Now.AddMinutes(10), judged.Expires);
        Assert.Equal(
            (Tenant, Person, Session, Now.AddDays(-1)),
            (judged.Claims.TenantId, judged.Claims.User!.Id, judged.Claims.User.SessionId, judged.Claims.User.AuthenticatedAt)
        );
    }

    [Theory]
    [InlineData("""{"alg":"none","typ":"at+jwt","kid":"key"}""")]
    [InlineData("""{"alg":"HS256","typ":"at+jwt","kid":"key"}""")]
    [InlineData("""{"alg":"es256","typ":"at+jwt","kid":"key"}""")]
    [InlineData("""{"alg":"ES256","typ":"JWT","kid":"key"}""")]
    [InlineData("""{"alg":"ES256","typ":"application/at+jwt","kid":"key"}""")]
    [InlineData("""{"alg":"ES256","kid":"key"}""")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt"}""")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":""}""")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":1}""")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"key","jwk":{}}""")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"key","crit":[]}""")]
    [InlineData("""{"alg":"ES256","alg":"none","typ":"at+jwt","kid":"key"}""")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"key","kid":"key"}""")]
    [InlineData("""{"alg":"ES256","\u0061lg":"none","typ":"at+jwt","kid":"key"}""")]
    [InlineData("""{"ALG":"ES256","typ":"at+jwt","kid":"key"}""")]
    [InlineData("""["ES256","at+jwt","key"]""")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"key"} x""")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"key",}""")]
    [InlineData("")]
    public void Any_other_header_is_none(string header) =>
        Assert.Null(AccessTokenText.Split($"{Encode(header)}.{Encode(GoodClaims)}.AAEC"));

    [Theory]
    [InlineData("{0}.{1}")]
    [InlineData("{0}.{1}.AAEC.")]
    [InlineData(".{0}.{1}.AAEC")]
    [InlineData("{0}.{1}.AAEC=")]
    [InlineData("{0}=.{1}.AAEC")]
    [InlineData("{0}.{1}.AA EC")]
    [InlineData("{0}.{1}\n.AAEC")]
    [InlineData("\t{0}.{1}.AAEC")]
    [InlineData("{0}.{1}.AAE+")]
    [InlineData("{0}.{1}.AAE/")]
    [InlineData("{0}.{1}.AAECA")]
    [InlineData("{0}.{1}.AAECAB")]
    [InlineData("{0}.{1}.AÄEC")]
    [InlineData("{0},{1}.AAEC")]
    public void Any_other_form_is_none(string form) =>
        Assert.Null(
            AccessTokenText.Split(
                form.Replace("{0}", Encode(GoodHeader), StringComparison.Ordinal)
                    .Replace("{1}", Encode(GoodClaims), StringComparison.Ordinal)
            )
        );

    [Fact]
    public void A_token_with_a_claim_that_is_not_for_here_or_missing_is_none()
    {
        Assert.NotNull(Read(GoodClaims));
        Assert.Null(Read(Claims(issuer: "https://other.example")));
        Assert.Null(Read(Claims(issuer: Issuer + "/")));
        foreach (var audiences in new[] { "\"\"", "[]", $"[\"{Audience}\"]", $"[\"{Audience}\",1]", "null", "1", "{}" })
            Assert.Null(Read(GoodClaims.Replace($"\"aud\":\"{Audience}\"", "\"aud\":" + audiences, StringComparison.Ordinal)));
        Assert.Null(Read(GoodClaims.Replace("{", "{\"sub\":\"" + Person + "\",", StringComparison.Ordinal)));
        Assert.Null(Read("[]"));
        foreach (var name in new[] { "iss", "aud", "sub", "sid", "tid", "exp", "iat", "auth_time" })
            Assert.Null(Read(GoodClaims.Replace($"\"{name}\"", "\"other\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_token_says_for_which_services_it_is()
    {
        Assert.Equal([Audience], Read(GoodClaims)!.Audiences);
        Assert.Equal(["https://other.example"], Read(Claims(audience: "https://other.example"))!.Audiences);
        var several = GoodClaims.Replace($"\"{Audience}\"", $"[\"{Audience}\",\"urn:x\"]", StringComparison.Ordinal);
        Assert.Equal([Audience, "urn:x"], Read(several)!.Audiences);
    }

    [Fact]
    public void A_token_is_none_before_the_latest_time_of_issue_allowed()
    {
        Assert.NotNull(Read(Claims(issued: Now)));
        Assert.Null(Read(Claims(issued: Now.AddSeconds(1))));
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("-1")]
    [InlineData("253402300800")]
    [InlineData("9223372036854775807")]
    [InlineData("1e300")]
    [InlineData("\"1767268800\"")]
    [InlineData("null")]
    [InlineData("true")]
    public void A_time_is_whole_seconds_of_this_calendar(string time)
    {
        var exp = $"\"exp\":{Now.AddMinutes(10).ToUnixTimeSeconds()}";
        Assert.Contains(exp, GoodClaims, StringComparison.Ordinal);
        Assert.Null(Read(GoodClaims.Replace(exp, "\"exp\":" + time, StringComparison.Ordinal)));
    }

    [Fact]
    public void No_text_makes_it_throw() =>
        Prop.ForAll(
                Parsing.AnyText,
                Parsing.AnyText,
                (a, b) =>
                    AccessTokenText.Split($"{a}.{b}") is null
                    && AccessTokenText.Split($"{Encode(a ?? "")}.{Encode(b ?? "")}.AAEC") is null
                    && Read(b ?? "") is null
            )
            .Check(Parsing.Quickly);

    [Fact]
    public void A_token_of_a_client_says_which_one_and_for_what()
    {
        var judged = Read(ClientClaims())!;

        var account = judged.Claims.ServiceAccount!;
        Assert.Null(judged.Claims.User);
        Assert.Equal((Tenant, Person, "shop", TokenId), (judged.Claims.TenantId, account.Id, account.ClientId, account.TokenId));
        Assert.Equal(["users:read", "audit:read"], account.Scopes);
        Assert.Equal((TokenId.ToString(), "shop"), (judged.TokenId, judged.ClientId));
    }

    [Theory]
    [InlineData("\"sid\":\"0197a0b2-0000-7000-8000-000000000002\"")]
    [InlineData("\"auth_time\":1")]
    [InlineData("\"org\":\"0197a0b2-0000-7000-8000-000000000002\"")]
    [InlineData("\"roles\":[\"x\"]")]
    [InlineData("\"sid\":null")]
    public void A_token_is_wholly_of_a_user_or_of_a_client(string member)
    {
        Assert.NotNull(Read(ClientClaims()));
        Assert.Null(Read(ClientClaims().Replace("{", "{" + member + ",", StringComparison.Ordinal)));
        Assert.Null(Read(GoodClaims.Replace("{", "{\"scope\":\"users:read\",", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("\"shop\"", "\"gatehouse\"")]
    [InlineData("\"shop\"", "\"\"")]
    [InlineData("\"users:read audit:read\"", "[\"users:read\"]")]
    [InlineData("\"users:read audit:read\"", "null")]
    [InlineData("\"0197a0b2-0000-7000-8000-000000000004\"", "\"x\"")]
    [InlineData("\"0197a0b2-0000-7000-8000-000000000004\"", "\"0197a0b2-0000-4000-8000-000000000004\"")]
    [InlineData("\"sub\"", "\"other\"")]
    [InlineData("\"tid\"", "\"other\"")]
    [InlineData("\"client_id\"", "\"other\"")]
    [InlineData("\"scope\"", "\"other\"")]
    public void A_token_of_a_client_lacks_nothing(string part, string other)
    {
        Assert.Contains(part, ClientClaims(), StringComparison.Ordinal);
        Assert.Null(Read(ClientClaims().Replace(part, other, StringComparison.Ordinal)));
    }

    private static string ClientClaims() =>
        $$"""
            {"iss":"{{Issuer}}","sub":"{{Person}}","aud":"{{Audience}}","exp":{{Now.AddMinutes(
                    10
                ).ToUnixTimeSeconds()}},"iat":{{Now.ToUnixTimeSeconds()}},
            "client_id":"shop","scope":"users:read audit:read","jti":"{{TokenId}}","tid":"{{Tenant}}"}
            """;

    private static ValidatedToken? Read(string claims) =>
        AccessTokenText.ReadClaims(
            new TokenParts("key", [], Encoding.UTF8.GetBytes(claims), []),
            issuer => issuer == Issuer,
            latestIssue: Now
        );

    private static string Claims(string issuer = Issuer, string audience = Audience, DateTimeOffset? issued = null) =>
        $$"""
            {"iss":"{{issuer}}","sub":"{{Person}}","aud":"{{audience}}","exp":{{Now.AddMinutes(10).ToUnixTimeSeconds()}},"iat":{{(
                issued ?? Now
            ).ToUnixTimeSeconds()}},"auth_time":{{Now.AddDays(-1).ToUnixTimeSeconds()}},"jti":"x","sid":"{{Session}}","tid":"{{Tenant}}"}
            """;

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
