using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Postgres;
using Gatehouse.Messaging;
using Gatehouse.OpenId.Data;
using Gatehouse.Web;
using Microsoft.Extensions.Logging;

namespace Gatehouse.OpenId.SignIn;

/// <summary>
/// Posts a logout token to an application (Back-Channel Logout, 2.5), a new one with each attempt. An application that is away or
/// overloaded is asked again; one that refuses is not, and no redirect is followed.
/// </summary>
internal sealed partial class SendLogoutToken(
    Database database,
    IApplicationSessions sessions,
    Issuers issuers,
    SignInOptions options,
    TimeProvider clock,
    ILogger<SendLogoutToken> logger
) : IJob, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    private readonly HttpClient http = OutboundHttp.Create(options.AllowPrivateAddresses);

    public static string Kind => "openid.send-logout-token";

    public static void Enqueue(Transaction tx, Guid tenant, SignedOut signedOut) =>
        tx.Enqueue(
            Kind,
            Guid.CreateVersion7(tx.Now),
            JsonSerializer.Serialize(
                new LogoutNotice(tenant, signedOut.Client, signedOut.UserId, signedOut.BrowserSession) { Domain = signedOut.Domain },
                LogoutJson.Default.LogoutNotice
            ),
            // One that hangs keeps nobody waiting but itself.
            orderKey: signedOut.Client
        );

    public async Task<JobResult> RunAsync(string payload, int attempt, CancellationToken cancellationToken)
    {
        var notice = JsonSerializer.Deserialize(payload, LogoutJson.Default.LogoutNotice)!;
        var client = await database.QueryAsync(db => ClientRow.FindAsync(db, notice.Tenant, notice.Client), cancellationToken);
        if (client is not { DisabledAt: null, SignIn.BackchannelLogoutUri: { } address })
            return JobResult.Done();
        // Nobody speaks for a domain that is another tenant's by now.
        if (await issuers.FindAsync(notice.Tenant, notice.Domain, cancellationToken) is not { } issuer)
            return JobResult.Done();
        using var body = new FormUrlEncodedContent([new("logout_token", TokenFor(client, issuer, notice))]);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = body };
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            return Conclude(client, response.StatusCode);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return JobResult.Retry("no answer in time");
        }
        catch (Exception e) when (OutboundHttp.IsPrivateAddress(e))
        {
            Log.Refused(logger, client.ClientId, "a private address");
            return JobResult.Done();
        }
        catch (HttpRequestException e)
        {
            return JobResult.Retry(e.HttpRequestError.ToString());
        }
    }

    public void Dispose() => http.Dispose();

    private JobResult Conclude(ClientRow client, HttpStatusCode status)
    {
        if ((int)status is >= 200 and < 300)
            return JobResult.Done();
        if (status == HttpStatusCode.TooManyRequests || (int)status >= 500)
            return JobResult.Retry($"status {(int)status}");
        Log.Refused(logger, client.ClientId, $"status {(int)status}");
        return JobResult.Done();
    }

    private string TokenFor(ClientRow client, Issuer issuer, LogoutNotice notice) =>
        sessions.IssueIdToken(
            new IdTokenContent
            {
                Type = "logout+jwt",
                Issuer = issuer.Url,
                Algorithm = client.SignIn!.IdTokenAlgorithm,
                Audience = client.ClientId,
                Lifetime = Lifetime,
                Claims =
                [
                    new("sub", notice.User.ToString()),
                    new("sid", notice.Session.ToString()),
                    new("jti", Guid.CreateVersion7(clock.GetUtcNow()).ToString()),
                    new("events", new Dictionary<string, object>(StringComparer.Ordinal) { [Event] = Nothing }),
                ],
            }
        );

    private const string Event = "http://schemas.openid.net/event/backchannel-logout";
    private static readonly Dictionary<string, object> Nothing = new(StringComparer.Ordinal);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Client {ClientId} did not take a logout token: {Reason}")]
        public static partial void Refused(ILogger logger, string clientId, string reason);
    }
}

/// <param name="Session">Of the browser.</param>
internal sealed record LogoutNotice(Guid Tenant, Guid Client, Guid User, Guid Session)
{
    /// <summary>Of the issuer that the application knows; null for <c>Http:PublicUrl</c>.</summary>
    public string? Domain { get; init; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(LogoutNotice))]
internal sealed partial class LogoutJson : JsonSerializerContext;
