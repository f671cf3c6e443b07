using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Core.Hosting;
using Gatehouse.Split.Protocol;
using Grpc.Core;
using Grpc.Net.Client;

namespace Gatehouse.Split;

/// <summary>Asks the process that runs identity. What it cannot be asked is <see cref="DependencyAwayException"/>.</summary>
internal sealed partial class SplitClient : IHealthDetail, IDisposable
{
    public const string CredentialHeader = "authorization";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly GrpcChannel channel;
    private readonly Protocol.Split.SplitClient client;
    private readonly Metadata credential;
    private readonly TimeProvider clock;
    private volatile string? trouble;

    public SplitClient(SplitOptions options, TimeProvider clock)
    {
        this.clock = clock;
        credential = new Metadata { { CredentialHeader, "Bearer " + options.Secret } };
        channel = GrpcChannel.ForAddress(
            options.Identity!,
            new GrpcChannelOptions
            {
                HttpHandler = new SocketsHttpHandler
                {
                    EnableMultipleHttp2Connections = true,
                    ConnectTimeout = TimeSpan.FromSeconds(3),
                    PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                    ActivityHeadersPropagator = null,
                    SslOptions = Trust(options.CaFile),
                },
                DisposeHttpClient = true,
            }
        );
        client = new Protocol.Split.SplitClient(channel);
    }

    public DependencyHealth Look() => new("identity", trouble is null, 0, trouble);

    public Task<OpenReply> OpenAsync(OpenRequest request, CancellationToken cancellationToken) =>
        AskAsync(call => client.OpenAsync(request, call), cancellationToken);

    public Task<FindTenantReply> FindTenantAsync(FindTenantRequest request, CancellationToken cancellationToken) =>
        AskAsync(call => client.FindTenantAsync(request, call), cancellationToken);

    public Task<IndexAddressReply> IndexAddressAsync(IndexAddressRequest request, CancellationToken cancellationToken) =>
        AskAsync(call => client.IndexAddressAsync(request, call), cancellationToken);

    public void Dispose() => channel.Dispose();

    private async Task<T> AskAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            using var call = ask(new CallOptions(credential, clock.GetUtcNow().UtcDateTime + Limit, cancellationToken));
            var answer = await call.ResponseAsync;
            trouble = null;
            return answer;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.DataLoss)
        {
            throw new CryptographicException(e.Status.Detail, e);
        }
        catch (RpcException e) when (!cancellationToken.IsCancellationRequested)
        {
            trouble = $"{e.StatusCode}: {e.Status.Detail}";
            throw new DependencyAwayException($"The process that runs identity cannot be asked ({e.StatusCode}).", e);
        }
    }

    private static SslClientAuthenticationOptions Trust(string authorities)
    {
        var options = new SslClientAuthenticationOptions();
        if (authorities.Length == 0)
            return options;
        var own = new X509Certificate2Collection();
        own.ImportFromPemFile(authorities);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(own);
        options.CertificateChainPolicy = policy;
        return options;
    }
}
