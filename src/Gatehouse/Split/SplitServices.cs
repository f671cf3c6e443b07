using Gatehouse.Contracts.PersonalData;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Web.Listeners;
using Gatehouse.Web.Modules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gatehouse.Split;

/// <summary>What a process of the split form has instead of the modules that run elsewhere, and the listener for those.</summary>
public static class SplitServices
{
    /// <summary>Makes a Kestrel listener the one for the other processes of the installation.</summary>
    public static ListenOptions AsSplit(this ListenOptions listener, SplitOptions options)
    {
        listener.Protocols = HttpProtocols.Http2;
        return listener.UsePem(options.CertificateFile, options.KeyFile).Marked(ListenerMark.Split);
    }

    /// <summary>Answers the calls of the other processes on their listener, and nothing else there; goes before everything else.</summary>
    public static IApplicationBuilder UseGatehouseSplit(this IApplicationBuilder app)
    {
        // It is not made yet: settings it rests on are checked later.
        if (!app.ApplicationServices.GetRequiredService<IServiceProviderIsService>().IsService(typeof(SplitService)))
            return app;
        return app.MapWhen(
            http => http.IsAt(ListenerMark.Split),
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
}
