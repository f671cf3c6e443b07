using Gatehouse.Core.Startup;
using Gatehouse.Server.Commands;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Tests.Server;

public class ServeCommandTests
{
    [Fact]
    public async Task A_part_that_failed_ends_the_server_with_an_error()
    {
        using var host = await RunAsync(new InvalidOperationException("A part of the server failed."));

        Assert.True(ServeCommand.HasFailed(host.Services, wasAsked: false));
    }

    [Fact]
    public async Task A_stop_that_was_asked_for_is_none()
    {
        using var host = await RunAsync(failure: null);

        Assert.False(ServeCommand.HasFailed(host.Services, wasAsked: false));
    }

    [Fact]
    public async Task What_fails_while_it_stops_as_asked_is_none()
    {
        using var host = await RunAsync(new InvalidOperationException("A part of the server failed."));

        Assert.False(ServeCommand.HasFailed(host.Services, wasAsked: true));
    }

    /// <summary>Runs a server of one part, which fails or asks for the end, until it has ended.</summary>
    private static async Task<IHost> RunAsync(Exception? failure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddSingleton<StartupStatus>();
        builder.Services.AddHostedService(services => new Part(services.GetRequiredService<IHostApplicationLifetime>(), failure));
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.WaitForShutdownAsync(TestContext.Current.CancellationToken);
        return host;
    }

    private sealed class Part(IHostApplicationLifetime lifetime, Exception? failure) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken)
        {
            if (failure is not null)
                return Task.FromException(failure);
            lifetime.StopApplication();
            return Task.CompletedTask;
        }
    }
}
