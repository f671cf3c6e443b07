using Gatehouse.Client;
using Gatehouse.Contracts.Events;
using Gatehouse.SampleService;
using Npgsql;

// docs: begin set-up
var builder = WebApplication.CreateBuilder(args);
var database = NpgsqlDataSource.Create(builder.Configuration.GetConnectionString("Shop")!);
builder.Services.AddSingleton(database);

builder
    .Services.AddGatehouseClient(builder.Configuration.GetSection("Gatehouse"))
    .AddEvents(events =>
    {
        events.Consumer = "shop";
        events.StoreInPostgres(database);
        events.On<UserRegisteredV1>(Customers.AddAsync);
        events.OnCursorExpired(Customers.BringUpToDateAsync);
        // docs: end
        events.PollInterval = TimeSpan.FromMilliseconds(200);
        if (builder.Configuration["Kafka"] is { } servers)
            events.UseKafka(servers, kafka => kafka.GroupProtocol = Confluent.Kafka.GroupProtocol.Consumer);
        // docs: begin set-up
    });

var app = builder.Build();

// docs: end
await Customers.CreateTableAsync(database);

// docs: begin endpoints
app.MapGet("/me", (HttpContext http) => new { User = http.User.FindFirst("sub")?.Value, Session = http.User.FindFirst("sid")?.Value })
    .RequireAuthorization();

app.MapGet("/orders", () => "one order").RequirePermission("sample.orders:read");

app.MapGet("/organizations/{organization}/orders", () => "an order of theirs")
    .RequirePermission("sample.orders:read", organizationFromRoute: "organization");

app.MapGet(
        "/customers/{id:guid}",
        async (Guid id, IGatehouseUsers users, CancellationToken cancellationToken) =>
            await users.GetAsync(id, cancellationToken) is { } user ? Results.Ok(new { user.Name }) : Results.NotFound()
    )
    .RequireAuthorization();

// docs: end
app.MapGet("/customers", Customers.ListAsync);

await app.RunAsync();
