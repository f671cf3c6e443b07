using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Gatehouse.Contracts.Events;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Startup;
using Gatehouse.Core.Tenants;
using Gatehouse.Messaging;
using Gatehouse.Server.Hosting;
using Gatehouse.Server.Seeding;
using Gatehouse.Web;
using Gatehouse.Web.Events;
using Gatehouse.Webhooks.Data;
using Gatehouse.Webhooks.Deliveries;

namespace Gatehouse.Server.Commands;

/// <summary><c>gatehouse events</c>: events of the retained log, read again by an operator.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "Commands write to the terminal.")]
internal static class EventsCommand
{
    private const int PageSize = 500;

    // An id carries the time at which its transaction began, on another clock perhaps.
    private static readonly TimeSpan IdLag = TimeSpan.FromHours(26);

    public static Command Create() => new("events", "Read the log of events.") { Replay() };

    private static Command Replay()
    {
        var command = new Command(
            "replay",
            "Print events of a tenant in the order in which they were written, as a CloudEvent in JSON on each line, or send them to a "
                + "webhook again. Receivers know them by their ids."
        );
        var tenant = new Option<string?>("--tenant") { Description = "Name of the tenant. Default: the first one." };
        var type = new Option<string[]>("--type")
        {
            Description = "Only events of this type, such as user.registered.v1, or of this kind: user.*. Can be repeated.",
        };
        var subject = new Option<Guid?>("--subject") { Description = "Only events about this user, organization or tenant: an id." };
        var from = Time("--from", "Only events of this time or later, such as 2026-01-31T10:00:00Z.");
        var to = Time("--to", "Only events before this time.");
        var webhook = new Option<Guid?>("--webhook")
        {
            Description = "Id of the webhook to send them to, as far as it asks for them. Default: print them.",
        };
        foreach (var option in new Option[] { tenant, type, subject, from, to, webhook })
            command.Options.Add(option);
        type.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(name => !EventNames.Known.Contains(name.Value)) is { } unknown)
                result.AddError($"{unknown.Value} is no event.");
        });
        var options = new CommonOptions();
        options.AddTo(command);
        command.SetAction(
            (result, cancellationToken) =>
                InstallationCommand.RunAsync(
                    options.Read(result),
                    async (services, stop) =>
                    {
                        await services.GetRequiredService<DatabaseInitializer>().RunAsync(stop);
                        var tenants = services.GetRequiredService<ITenantDirectory>();
                        var found = result.GetValue(tenant) is { } name
                            ? await tenants.FindByNameAsync(name, stop)
                            : await tenants.FindAsync(DefaultTenant.Id, stop);
                        if (found is null)
                            return await RejectAsync("There is no such tenant.");
                        var wanted = new Wanted(result.GetValue(subject), result.GetValue(from), result.GetValue(to))
                        {
                            Tenant = found,
                            Types = Types(result.GetValue(type) ?? []),
                        };
                        return result.GetValue(webhook) is { } id
                            ? await SendAsync(services, wanted, id, stop)
                            : await PrintAsync(services, wanted, stop);
                    },
                    cancellationToken
                )
        );
        return command;
    }

    private static Option<DateTimeOffset?> Time(string name, string description) =>
        new(name)
        {
            Description = description,
            CustomParser = result =>
            {
                var isTime = DateTimeOffset.TryParse(
                    result.Tokens[0].Value,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal,
                    out var time
                );
                if (!isTime)
                    result.AddError($"{name} requires a time such as 2026-01-31T10:00:00Z.");
                return time;
            },
        };

    private static string[] Types(string[] names) =>
        [.. EventNames.Known.Where(known => !known.EndsWith('*') && EventNames.Of(known).Any(names.Contains))];

    private static async Task<int> PrintAsync(IServiceProvider services, Wanted wanted, CancellationToken stop)
    {
        await using var output = Console.OpenStandardOutput();
        var line = new byte[] { (byte)'\n' };
        await foreach (var page in ReadAsync(services, wanted, stop))
        {
            foreach (var one in page)
            {
                await output.WriteAsync(ListEvents.CloudEvent.Of(one).ToJson(), stop);
                await output.WriteAsync(line, stop);
            }
        }

        return 0;
    }

    private static async Task<int> SendAsync(IServiceProvider services, Wanted wanted, Guid id, CancellationToken stop)
    {
        if (services.GetService<ReplayEvents>() is not { } replay)
            return await RejectAsync("This needs the module webhooks: run it with the settings of the process that has it.");
        var begun = await replay.BeginAsync(id, await new SeedRun(services, wanted.Tenant).OperatorAsync(stop), stop);
        if (begun.Error is { } error)
            return await RejectAsync(services.GetRequiredService<MessageCatalog>().Text(error.Code, "en", error.Facts));
        var count = 0;
        await foreach (var page in ReadAsync(services, wanted, stop))
            count += await replay.QueueAsync(begun.Value, page, stop);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} events are sent to the webhook by the running servers."));
        return 0;
    }

    private static async IAsyncEnumerable<IReadOnlyList<EventEnvelope>> ReadAsync(
        IServiceProvider services,
        Wanted wanted,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop
    )
    {
        var log = services.GetRequiredService<EventReplay>();
        var cursor = log.Oldest;
        if (wanted.From is { } from && from - IdLag > cursor.ReadAt)
            cursor = cursor with { ReadAt = from - IdLag };
        for (var isLast = false; !isLast; )
        {
            var page = await log.ReadAsync(wanted.Tenant.Id, wanted.Types, cursor, PageSize, stop);
            (cursor, isLast) = (page.Next, page.IsLast);
            yield return [.. page.Events.Where(wanted.Has)];
        }
    }

    private static async Task<int> RejectAsync(string words)
    {
        await Console.Error.WriteLineAsync(words);
        return 1;
    }

    private sealed record Wanted(Guid? Subject, DateTimeOffset? From, DateTimeOffset? To)
    {
        public required Tenant Tenant { get; init; }

        /// <summary>Empty for all.</summary>
        public required IReadOnlyCollection<string> Types { get; init; }

        public bool Has(EventEnvelope one) =>
            (Subject is null || one.Key == Subject) && (From is null || one.Time >= From) && (To is null || one.Time < To);
    }
}
