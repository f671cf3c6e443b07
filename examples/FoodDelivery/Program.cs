using System.Net;
using FoodDelivery;
using FoodDelivery.Http;
using FoodDelivery.Roles;
using FoodDelivery.Topics;
using FoodDelivery.Users;
using Gatehouse.Client;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Npgsql;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton(_ =>
    NpgsqlDataSource.Create(
        builder.Configuration.GetConnectionString("FoodDelivery")
            ?? throw new InvalidOperationException("ConnectionStrings:FoodDelivery must be set.")
    )
);
builder.Services.AddOptions<AdapterOptions>().Bind(builder.Configuration.GetSection("FoodDelivery")).ValidateOnStart();
builder.Services.AddSingleton<IValidateOptions<AdapterOptions>, AdapterOptionsCheck>();
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton<UserStore>().AddSingleton<Outbox>();

if (args is ["republish"])
{
    await using var command = builder.Build();
    await command.Services.GetRequiredService<UserStore>().PrepareAsync(CancellationToken.None);
    await command.Services.GetRequiredService<Outbox>().RepublishAsync(CancellationToken.None);
    return;
}

builder.Services.AddGatehouseClient(builder.Configuration.GetSection("Gatehouse")).AddEvents(Following.Add);

// A record says the name after the change that it is about, and not one that was read a moment before.
builder.Services.PostConfigure<GatehouseClientOptions>(gatehouse => gatehouse.UserMemory = TimeSpan.Zero);
builder.Services.AddGrpc();
builder.Services.AddSingleton<Standing>().AddHostedService<Publisher>();
builder.Services.AddFoodRoutes();
builder
    .Services.AddOptions<KestrelServerOptions>()
    .Configure<IOptions<AdapterOptions>>(
        (kestrel, options) =>
        {
            var address = IPAddress.Parse(options.Value.Listen);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
            kestrel.Listen(address, options.Value.HttpPort, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(address, options.Value.GrpcPort, listen => listen.Protocols = HttpProtocols.Http2);
        }
    );

var app = builder.Build();
await app.Services.GetRequiredService<UserStore>().PrepareAsync(CancellationToken.None);
app.MapGrpcService<RoleCheck>();
app.MapFoodRoutes();
await app.RunAsync();
