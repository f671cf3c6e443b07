using System.Globalization;
using System.Security.Cryptography;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Tenants;
using Gatehouse.SystemTests.Harness;
using Gatehouse.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Gatehouse.SystemTests.Split;

/// <summary>The ports for the other processes and for relying services, with a certificate.</summary>
public sealed class TlsPortsTests(SplitApp split) : IClassFixture<SplitApp>
{
    [Fact]
    public async Task Other_processes_and_relying_services_reach_them_over_tls_only()
    {
        using var certificate = new TestCertificate();
        var (inner, relying) = (FreePort(), FreePort());
        await split.RestartAsync(async () =>
        {
            await using var identity = await split.StartIdentityAsync(
                ("Split:Port", inner),
                ("Split:CertificateFile", certificate.CertificateFile),
                ("Split:KeyFile", certificate.KeyFile),
                ("Grpc:Port", relying),
                ("Grpc:CertificateFile", certificate.CertificateFile),
                ("Grpc:KeyFile", certificate.KeyFile)
            );

            var databases = ((await (await TestDatabases.GetAsync()).CreateEmptyAsync()).Main, SplitApp.NoKeys);
            await using (
                var other = await split.StartNotificationsAsync(
                    databases: databases,
                    group: "tls",
                    more: [("Split:Identity", $"https://localhost:{inner}"), ("Split:CaFile", certificate.CertificateFile)]
                )
            )
                Assert.NotNull(await TenantAsync(other));
            // An authority that is not known, and no TLS at all.
            foreach (var address in new[] { $"https://localhost:{inner}", $"http://localhost:{inner}" })
            {
                await using var other = await split.StartNotificationsAsync(
                    databases: databases,
                    group: "tls",
                    more: [("Split:Identity", address)]
                );
                await Assert.ThrowsAsync<DependencyAwayException>(() => TenantAsync(other));
            }

            using var handler = new SocketsHttpHandler();
            handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) =>
                shown?.GetCertHashString(HashAlgorithmName.SHA256) == certificate.Thumbprint;
            using var channel = GrpcChannel.ForAddress($"https://localhost:{relying}", new GrpcChannelOptions { HttpHandler = handler });
            var rejected = await Assert.ThrowsAsync<RpcException>(async () =>
                await new Tokens.TokensClient(channel).CheckAsync(new CheckRequest { Token = "x" })
            );
            Assert.Equal(StatusCode.Unauthenticated, rejected.StatusCode);
            using var clear = GrpcChannel.ForAddress($"http://localhost:{relying}");
            var cut = await Assert.ThrowsAsync<RpcException>(async () =>
                await new Tokens.TokensClient(clear).CheckAsync(new CheckRequest { Token = "x" })
            );
            Assert.NotEqual(StatusCode.Unauthenticated, cut.StatusCode);
        });
    }

    private static Task<Tenant?> TenantAsync(TestApp app) =>
        app.Services.GetRequiredService<ITenantDirectory>().FindAsync(DefaultTenant.Id, CancellationToken.None).AsTask();

    private static string FreePort() => GatehouseProcess.FreePort().ToString(CultureInfo.InvariantCulture);
}
