using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Access;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Gatehouse.Web.Modules;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Jobs;

/// <summary>The jobs of the installation, which belong to no tenant: its administrators see what waits and what was given up.</summary>
public static class JobEndpoints
{
    internal static readonly Permission Read = new()
    {
        Name = "jobs:read",
        Level = AccessLevel.Platform,
        Description = "See the jobs of the installation, without what they are about.",
    };

    internal static readonly Permission Manage = new()
    {
        Name = "jobs:manage",
        Level = AccessLevel.Platform,
        Description = "Let jobs that were given up be tried again, and cancel jobs.",
    };

    internal static IServiceCollection AddJobEndpoints(this IServiceCollection services) =>
        services
            .AddPermissions([Read, Manage])
            .AddRequests(JobsJson.Default)
            .AddSingleton<ListJobs.Handler>()
            .AddSingleton<GetJob.Handler>()
            .AddSingleton<RetryJob.Handler>()
            .AddSingleton<CancelJob.Handler>();

    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapV1("Jobs");
        ListJobs.Map(group);
        GetJob.Map(group);
        RetryJob.Map(group);
        CancelJob.Map(group);
    }
}

/// <summary>A job as administrators see it.</summary>
public sealed record JobView
{
    [Description("If an operation waits for the job, it has the same id.")]
    public required Guid Id { get; init; }

    [Description("What is done, such as notifications.send.")]
    public required string Kind { get; init; }

    [Description("waiting, running or dead: given up after the last attempt.")]
    public required string State { get; init; }

    [Description("How often it was begun.")]
    public required int Attempts { get; init; }

    [Description("Why the last attempt failed; null if none did.")]
    public required string? LastError { get; init; }

    [Description("When it may run, or run again.")]
    public required DateTimeOffset RunAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    internal static JobView Of(ListedJob job) =>
        new()
        {
            Id = job.Id,
            Kind = job.Kind,
            State = job.State,
            Attempts = job.Attempts,
            LastError = job.Reason,
            RunAt = job.RunAt,
            CreatedAt = job.CreatedAt,
        };
}

internal static class JobsErrors
{
    /// <summary>It may be done: what is done is not kept.</summary>
    public static readonly Error NotFound = new("jobs.not-found", ErrorKind.NotFound);

    public static readonly Error NotGivenUp = new("jobs.not-given-up", ErrorKind.Conflict);
    public static readonly Error Running = new("jobs.running", ErrorKind.Conflict);
}

/// <summary>The JSON form of jobs.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(JobView))]
[JsonSerializable(typeof(Page<JobView>))]
internal sealed partial class JobsJson : JsonSerializerContext;
