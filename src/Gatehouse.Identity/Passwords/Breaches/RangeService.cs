using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Core.Telemetry;

namespace Gatehouse.Identity.Passwords;

/// <summary>
/// Asks a range service as Have I Been Pwned offers it: sent are the first five hex digits of the password's SHA-1, which some thousand
/// breached passwords share; the answer lists the rest of each, and is searched here. Padding hides from the wire which range it was.
/// </summary>
internal sealed class RangeService : IBreachedPasswords, IDisposable
{
    private const int PrefixLength = 5;

    // A padded range has some 50 KB and grows with the corpus.
    private const int MaxAnswerLength = 1024 * 1024;

    private readonly HttpClient http;
    private readonly PasswordOptions options;
    private readonly PasswordMetrics metrics;
    private readonly TimeProvider clock;

    [SuppressMessage("Reliability", "CA2000", Justification = "The client disposes its handler.")]
    public RangeService(PasswordOptions options, PasswordMetrics metrics, TimeProvider clock)
    {
        (this.options, this.metrics, this.clock) = (options, metrics, clock);
        http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                // The trace is nobody else's.
                ActivityHeadersPropagator = null,
                // The name of the service may move to other machines.
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                MaxConnectionsPerServer = 32,
                MaxResponseHeadersLength = 16,
            }
        )
        {
            BaseAddress = new Uri(options.BreachService.AbsoluteUri.TrimEnd('/') + "/range/"),
            DefaultRequestVersion = HttpVersion.Version20,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.Add("Add-Padding", "true");
        // The service turns away who does not say its name.
        http.DefaultRequestHeaders.Add("User-Agent", "Gatehouse");
    }

    public async Task<BreachAnswer> AskAsync(PasswordInput password, CancellationToken cancellationToken)
    {
        using var span = Spans.Start("password.breach-check");
        var answer = await AskInTimeAsync(password, cancellationToken);
        metrics.BreachChecked(answer.Failure ?? (answer.Found ? "found" : "absent"));
        return answer;
    }

    public void Dispose() => http.Dispose();

    private async Task<BreachAnswer> AskInTimeAsync(PasswordInput password, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.BreachTimeout, clock);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await AskAsync(Digest(password), ends.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return BreachAnswer.Failed("timed-out");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return BreachAnswer.Failed("unreachable");
        }
    }

    private async Task<BreachAnswer> AskAsync(string digest, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(
            new Uri(digest[..PrefixLength], UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken
        );
        if (response.StatusCode != HttpStatusCode.OK)
            return BreachAnswer.Failed("refused");

        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        return await SearchAsync(body, Encoding.ASCII.GetBytes(digest[PrefixLength..]), cancellationToken);
    }

    private static async Task<BreachAnswer> SearchAsync(Stream body, byte[] wanted, CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(body);
        try
        {
            for (var read = 0L; read <= MaxAnswerLength; )
            {
                var chunk = await reader.ReadAsync(cancellationToken);
                var rest = chunk.Buffer;
                if (RangeText.Search(ref rest, chunk.IsCompleted, wanted) is not { } found)
                    return BreachAnswer.Failed("malformed");
                if (found || chunk.IsCompleted)
                    return new BreachAnswer(found);

                read += chunk.Buffer.Length - rest.Length;
                reader.AdvanceTo(rest.Start, rest.End);
            }

            return BreachAnswer.Failed("too-large");
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    [SuppressMessage(
        "Security",
        "CA5350",
        Justification = "Ranges are ranges of SHA-1. It names a password here; nothing rests on its strength."
    )]
    private static string Digest(PasswordInput password)
    {
        var bytes = Encoding.UTF8.GetBytes(password.Reveal());
        var digest = Convert.ToHexString(SHA1.HashData(bytes));
        CryptographicOperations.ZeroMemory(bytes);
        return digest;
    }
}
