using System.Security.Cryptography.X509Certificates;
using Gatehouse.Contracts.PersonalData;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Web.Modules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gatehouse.Split;

/// <summary>What a process of the split form has instead of the modules that run elsewhere, and the listener for those.</summary>
public static class SplitServices
{
    /// <summary>Marks a Kestrel listener as the one for the other processes of the installation. A connection is marked where it is
    /// accepted, so that nothing a request says can reach it from the public listener.</summary>
    public static ListenOptions AsSplit(this ListenOptions listener, SplitOptions options)
    {
        listener.Protocols = HttpProtocols.Http2;
        if (options.CertificateFile.Length > 0 && options.KeyFile.Length > 0)
            listener.UseHttps(tls => tls.ServerCertificate = X509Certificate2.CreateFromPemFile(options.CertificateFile, options.KeyFile));
        listener.Use(next =>
            connection =>
            {
                connection.Features.Set(Mark.Instance);
                return next(connection);
            }
        );
        return listener;
    }

    /// <summary>Answers the calls of the other processes on their listener, and nothing else there; goes before everything else.</summary>
    public static IApplicationBuilder UseGatehouseSplit(this IApplicationBuilder app)
    {
        // It is not made yet: settings it rests on are checked later.
        if (!app.ApplicationServices.GetRequiredService<IServiceProviderIsService>().IsService(typeof(SplitService)))
            return app;
        return app.MapWhen(
            http => http.Features.Get<Mark>() is not null,
            branch => branch.UseRouting().UseEndpoints(endpoints => endpoints.MapGrpcService<SplitService>())
        );
    }

    internal static void AddSplitServer(this IServiceCollection services)
    {
        services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = 1024 * 1024);
        services.AddSingleton<SplitService>();
    }

    internal static void AddRemoteIdentity(this IServiceCollection services, IConfiguration configuration)
    {
        services.IgnoreSettings(elsewhere => elsewhere.AddGatehouseEncryption(configuration));
        services.AddSingleton<SplitClient>().AddHealthDetail<SplitClient>();
        services.AddSingleton<IUserKeys, RemoteUserKeys>();
        services.AddSingleton<IAddressIndex, RemoteAddressIndex>();
        services.Replace(ServiceDescriptor.Singleton<ITenantDirectory, RemoteTenantDirectory>());
    }

    /// <summary>Before the event log's participant, which writes what this one publishes.</summary>
    internal static void AddAuditForwarding(this IServiceCollection services) =>
        services.Insert(0, ServiceDescriptor.Singleton<ITransactionParticipant, AuditForwarding>());

    private sealed class Mark
    {
        public static Mark Instance { get; } = new();
    }
}
