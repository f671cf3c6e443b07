using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Gatehouse.SystemTests.Harness;

/// <summary>An authenticator app as RFC 6238 describes one, written for the tests alone.</summary>
public sealed class Authenticator(string secret)
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <param name="steps">How many time steps from now.</param>
    public string Code(int steps = 0) => CodeOf((TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30) + steps);

    public string CodeOf(long step)
    {
        var counter = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        // RFC 6238 names SHA-1, and it is what apps do.
#pragma warning disable CA5350
        var hash = HMACSHA1.HashData(Decode(secret), counter);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & int.MaxValue;
        return (number % 1_000_000).ToString("000000", CultureInfo.InvariantCulture);
    }

    private static byte[] Decode(string text)
    {
        var bits = string.Concat(text.Select(c => Convert.ToString(Base32.IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. bits.Chunk(8).Where(byteOf => byteOf.Length == 8).Select(byteOf => Convert.ToByte(new string(byteOf), 2))];
    }
}

/// <summary>Second factors, as HTTP calls.</summary>
internal static class SecondFactorCalls
{
    /// <summary>Adds an authenticator app to the user of the session.</summary>
    public static async Task<(Authenticator App, IReadOnlyList<string> RecoveryCodes)> AddTotpAsync(this TestUsers users, TokenPair tokens)
    {
        var begun = await users.SendAsync(HttpMethod.Post, "/v1/me/totp", tokens);
        Assert.True(begun.Status == System.Net.HttpStatusCode.OK, begun.Text);
        var authenticator = new Authenticator(begun.Body.GetProperty("secret").GetString()!);
        // A step before now, so that the one of now is left for the test; it is too old if the step ends on the way.
        var confirmed = await ConfirmAsync();
        for (var tries = 0; confirmed.Code == "identity.code-wrong" && tries < 3; tries++)
            confirmed = await ConfirmAsync();
        Assert.True(confirmed.Status == System.Net.HttpStatusCode.OK, confirmed.Text);
        return (authenticator, [.. confirmed.Body.GetProperty("recoveryCodes").EnumerateArray().Select(code => code.GetString()!)]);

        Task<Answer> ConfirmAsync() => users.PostAsync("/v1/me/totp/confirm", new { code = authenticator.Code(-1) }, tokens.Header);
    }

    /// <summary>A sign-in with the password that came to a challenge.</summary>
    public static async Task<Guid> ChallengedAsync(this TestUsers users, string identifier, string password = TestUsers.Password)
    {
        var answer = await users.SignInAsync(identifier, password);
        Assert.True(answer.Status == System.Net.HttpStatusCode.OK, answer.Text);
        return answer.Body.GetProperty("challengeId").GetGuid();
    }

    public static Task<Answer> AnswerChallengeAsync(
        this TestUsers users,
        Guid challenge,
        string factor,
        string code,
        params (string Name, string Value)[] headers
    ) => users.PostAsync($"/v1/challenges/{challenge}", new { factor, code }, headers);
}
