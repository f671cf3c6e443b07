using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gatehouse.Web;

namespace Gatehouse.SystemTests.Harness;

/// <summary>An answer with its body read.</summary>
public sealed record Answer(HttpStatusCode Status, JsonElement Body, string Text, HttpResponseMessage Response)
{
    /// <summary>The error code of a problem; null on success.</summary>
    public string? Code => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("code", out var code) ? code.GetString() : null;

    /// <summary><c>field: code</c> of every fault, in order.</summary>
    public IReadOnlyList<string> Errors =>
        Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("errors", out var errors)
            ? [.. errors.EnumerateArray().Select(e => $"{e.GetProperty("field").GetString()}: {e.GetProperty("code").GetString()}")]
            : [];

    public Guid RegistrationId => Body.GetProperty("registrationId").GetGuid();
}

/// <summary>A message of the development inbox; one to a phone has neither subject nor HTML.</summary>
public sealed record Letter(Guid Id, string Channel, string To, string Subject, string Text, string Html)
{
    public string Code => Regex.Match(Text, @"\b\d{6}\b").Value;

    /// <summary>The code for a new password, which is longer.</summary>
    public string ResetCode => Regex.Match(Text, @"\b\d{8}\b").Value;

    public string LinkToken => Regex.Match(Text, @"token=([\w-]+)").Groups[1].Value;
}

/// <summary>What people do, as HTTP calls.</summary>
public sealed class TestUsers(TestApp app)
{
    public const string Password = "a tall bridge over calm water";

    private static int count;

    /// <summary>An address nobody had before.</summary>
    public static string NewEmail() => string.Create(CultureInfo.InvariantCulture, $"person{Interlocked.Increment(ref count)}@example.com");

    /// <summary>A British mobile number nobody had before.</summary>
    public static string NewPhone() => string.Create(CultureInfo.InvariantCulture, $"+447400{Interlocked.Increment(ref count):000000}");

    /// <summary>The member of a registration that an address or a number is.</summary>
    public static string MemberOf(string contact) => contact.Contains('@', StringComparison.Ordinal) ? "email" : "phoneNumber";

    /// <summary>The body of a registration with an address or a number.</summary>
    public static IDictionary<string, string> Registration(string contact, params (string Name, string Value)[] more) =>
        new Dictionary<string, string>([.. more.Select(one => KeyValuePair.Create(one.Name, one.Value))], StringComparer.Ordinal)
        {
            [MemberOf(contact)] = contact,
            ["name"] = "Ada",
            ["password"] = Password,
        };

    public Task<Answer> RegisterAsync(string email, string name = "Ada", string password = Password, string? username = null) =>
        PostAsync(
            "/v1/registrations",
            username is null
                ? new
                {
                    email,
                    name,
                    password,
                }
                : new
                {
                    email,
                    name,
                    password,
                    username,
                }
        );

    public Task<Answer> VerifyAsync(Guid registration, string code, string? username = null) =>
        PostAsync($"/v1/registrations/{registration}/verify", username is null ? new { code } : new { code, username });

    public Task<Answer> ResendAsync(Guid registration) => PostAsync($"/v1/registrations/{registration}/resend", body: null);

    public Task<Answer> ConfirmAsync(string token, string? password = null) =>
        PostAsync("/v1/registrations/confirm", password is null ? new { token } : new { token, password });

    /// <summary>Registers, reads the code and proves it; the answer is that of the proof.</summary>
    public async Task<Answer> RegisteredUserAsync(string contact, string? username = null, string password = Password)
    {
        var registration = Registration(contact);
        registration["password"] = password;
        if (username is not null)
            registration["username"] = username;
        var started = await PostAsync("/v1/registrations", registration);
        Assert.Equal(HttpStatusCode.Accepted, started.Status);
        var letter = await LetterAsync(contact);
        var verified = await VerifyAsync(started.RegistrationId, letter.Code);
        Assert.Equal(HttpStatusCode.Created, verified.Status);
        return verified;
    }

    /// <summary>The newest message to the address or number, waiting until there are <paramref name="number"/> of them.</summary>
    /// <param name="email">The address or number.</param>
    /// <param name="number">How many there are to be.</param>
    /// <param name="which">The newest such one, should another message have been overtaken.</param>
    public async Task<Letter> LetterAsync(string email, int number = 1, Func<Letter, bool>? which = null)
    {
        IReadOnlyList<Letter> letters = [];
        await TestApp.EventuallyAsync(
            async () => (letters = await LettersAsync(email)).Count >= number,
            $"message number {number}",
            meanwhile: () => string.Join('\n', app.Logs.Lines.Where(line => line[0] is 'W' or 'E' or 'C').TakeLast(5))
        );
        return letters.FirstOrDefault(which ?? (_ => true)) ?? letters[0];
    }

    /// <summary>All messages to the address or number, newest first.</summary>
    public async Task<IReadOnlyList<Letter>> LettersAsync(string email)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/inbox/messages?to={Uri.EscapeDataString(email)}");
        // Behind a proxy every look comes from an address of its own: looking again and again uses up nobody's limit.
        if (app.Services.GetRequiredService<ProxyOptions>().Trusted.Length > 0)
            request.Headers.Add("X-Forwarded-For", new IPAddress(RandomNumberGenerator.GetBytes(4)).ToString());
        using var response = await app.Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<List<Letter>>())!;
    }

    public async Task<Answer> PostAsync(string path, object? body)
    {
        using var content = body is null ? null : JsonContent.Create(body);
        return await ReadAsync(await app.Http.PostAsync(new Uri(path, UriKind.Relative), content));
    }

    /// <summary>Posts the text as it is.</summary>
    public async Task<Answer> PostRawAsync(string path, byte[] body, string contentType = "application/json")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return await ReadAsync(await app.Http.PostAsync(new Uri(path, UriKind.Relative), content));
    }

    public Task<Answer> PostRawAsync(string path, string body) => PostRawAsync(path, Encoding.UTF8.GetBytes(body));

    public async Task<Answer> GetAsync(string path) => await ReadAsync(await app.Http.GetAsync(new Uri(path, UriKind.Relative)));

    public async Task<Answer> SendAsync(HttpRequestMessage request) => await ReadAsync(await app.Http.SendAsync(request));

    /// <summary>A code that is not the right one.</summary>
    public static string WrongCode(string code) => code[0] == '9' ? '1' + code[1..] : '9' + code[1..];

    private static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        var isJson = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true && text.Length > 0;
        return new Answer(response.StatusCode, isJson ? JsonDocument.Parse(text).RootElement : default, text, response);
    }
}
