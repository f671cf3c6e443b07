using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.SignIn;

/// <summary>Wrong passwords, many of them.</summary>
internal static class Guesses
{
    public const string Wrong = "not the password at all";

    public static Task<Answer> GuessAsync(this TestApp app, string identifier, params (string Name, string Value)[] headers) =>
        app.Users.SignInAsync(identifier, Wrong, headers);

    /// <summary>Status and wait, in a few letters: what a guesser sees.</summary>
    public static string Seen(this Answer answer) =>
        answer.RetryAfter() is >= 0 and var wait
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)answer.Status} {answer.Code} {wait}")
            : $"{(int)answer.Status} {answer.Code}";

    /// <summary>Guesses so often, waiting as long as it takes each time.</summary>
    public static async Task GuessPatientlyAsync(
        this TestApp app,
        string identifier,
        int times,
        params (string Name, string Value)[] headers
    )
    {
        for (var i = 0; i < times; i++)
        {
            app.Clock.Advance(TimeSpan.FromMinutes(15));
            Assert.Equal("identity.invalid-credentials", (await app.GuessAsync(identifier, headers)).Code);
        }

        app.Clock.Advance(TimeSpan.FromMinutes(15));
    }

    /// <summary>A client whose connections come from the address, one of 127.0.0.0/8.</summary>
    public static HttpClient From(this TestApp app, string address)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new HttpClient(handler) { BaseAddress = app.Http.BaseAddress };
    }

    public static async Task<(HttpStatusCode Status, string Text, int RetryAfter)> SignInAsync(
        this HttpClient http,
        string identifier,
        string password
    )
    {
        using var body = System.Net.Http.Json.JsonContent.Create(new { identifier, password });
        using var response = await http.PostAsync(new Uri("/v1/sessions", UriKind.Relative), body);
        return (
            response.StatusCode,
            await response.Content.ReadAsStringAsync(),
            (int)(response.Headers.RetryAfter?.Delta?.TotalSeconds ?? -1)
        );
    }
}
