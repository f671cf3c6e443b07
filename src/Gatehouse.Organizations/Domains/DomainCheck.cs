using System.Net;
using System.Net.Sockets;
using System.Text;
using DnsClient;
using Gatehouse.Web;

namespace Gatehouse.Organizations.Domains;

/// <summary>
/// Looks for what proves control of a domain: a TXT record, or a file on its web server. Both are in the hands of whoever claims the
/// domain: size and time are limited, redirects are not followed, and no private address is connected to.
/// </summary>
internal sealed class DomainCheck(DomainOptions options, TimeProvider clock) : IDisposable
{
    public const string RecordLabel = "_gatehouse-challenge";
    public const string FilePath = "/.well-known/gatehouse-challenge.txt";
    public const string Prefix = "gatehouse-domain-verification=";

    // Far more than the challenge and a line end.
    private const int MaxFileBytes = 1024;

    private readonly HttpClient http = OutboundHttp.Create(options.AllowPrivateAddresses);

    public static string RecordName(string domain) => $"{RecordLabel}.{domain}";

    public static Uri FileUrl(string domain) => new($"https://{domain}{FilePath}");

    public async Task<CheckResult> SearchAsync(string domain, string challenge, CancellationToken cancellationToken)
    {
        var record = await WithinAsync(stop => AskNameServerAsync(domain, challenge, stop), cancellationToken);
        return record == CheckResult.Found
            ? new CheckResult(record, CheckResult.Absent)
            : new CheckResult(record, await WithinAsync(stop => AskWebServerAsync(domain, challenge, stop), cancellationToken));
    }

    public void Dispose() => http.Dispose();

    private async Task<string> WithinAsync(Func<CancellationToken, Task<string>> ask, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(options.TimeoutSeconds), clock);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await ask(ends.Token).WaitAsync(ends.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return CheckResult.Unreachable;
        }
    }

    private async Task<string> AskNameServerAsync(string domain, string challenge, CancellationToken cancellationToken)
    {
        try
        {
            // Made each time: the system's name servers may change, and no answer may be an old one.
            var client = new LookupClient(
                new LookupClientOptions([.. NameServers()])
                {
                    AutoResolveNameServers = false,
                    UseCache = false,
                    Retries = 1,
                    Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
                }
            );
            var answer = await client.QueryAsync(RecordName(domain), QueryType.TXT, QueryClass.IN, cancellationToken);
            // A long text comes in several parts (RFC 7208, 3.3, has the rule that everybody follows).
            var texts = answer.Answers.TxtRecords().Select(record => string.Concat(record.Text)).ToList();
            return texts.Contains(challenge, StringComparer.Ordinal) ? CheckResult.Found
                : texts.Count > 0 ? CheckResult.Different
                : answer is { HasError: true, Header.ResponseCode: not DnsHeaderResponseCode.NotExistentDomain } ? CheckResult.Unreachable
                : CheckResult.Absent;
        }
        catch (Exception e)
            when (e
                    is DnsResponseException
                        or DnsResponseParseException
                        or DnsXidMismatchException
                        or SocketException
                        or IOException
                        or ArgumentException
                        or InvalidOperationException
                        or IndexOutOfRangeException
            )
        {
            // Among them what the library throws on answers that are none.
            return CheckResult.Unreachable;
        }
    }

    private IEnumerable<NameServer> NameServers() =>
        options.NameServers.Length == 0
            ? NameServer.ResolveNameServers(skipIPv6SiteLocal: true, fallbackToGooglePublicDns: false)
            : options.NameServers.Select(IPEndPoint.Parse).Select(e => new NameServer(e.Address, e.Port == 0 ? 53 : e.Port));

    private async Task<string> AskWebServerAsync(string domain, string challenge, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, FileUrl(domain));
        if (options.FileServer is { } standIn)
        {
            request.RequestUri = new Uri(standIn, FilePath);
            request.Headers.Host = domain;
        }

        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
                return CheckResult.Absent;
            return await ReadAsync(response, cancellationToken) == challenge ? CheckResult.Found : CheckResult.Different;
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException || OutboundHttp.IsPrivateAddress(e))
        {
            return CheckResult.Unreachable;
        }
    }

    // Read no further than it can matter; a body of any length may follow.
    private static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[MaxFileBytes + 1];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length > MaxFileBytes ? "" : Encoding.UTF8.GetString(buffer, 0, length).Trim();
    }
}

/// <summary>What was found of the two proofs; one is enough.</summary>
internal readonly record struct CheckResult
{
    public const string Found = "found";
    public const string Absent = "absent";
    public const string Different = "different";
    public const string Unreachable = "unreachable";

    public CheckResult(string dns, string file) => (Dns, File) = (dns, file);

    public string Dns { get; }

    public string File { get; }

    /// <summary>How control was proved; null if it was not.</summary>
    public string? Method =>
        Dns == Found ? "dns"
        : File == Found ? "file"
        : null;
}
