using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Gatehouse.Web.Operations;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Admin;

/// <summary>How the console speaks of a kind of operation.</summary>
public sealed record OperationName
{
    /// <summary>As <see cref="IOperationJob.Kind"/> says it.</summary>
    public required string Kind { get; init; }

    /// <summary>Key of what it is called: <c>Import of users</c>.</summary>
    public required string Text { get; init; }

    /// <summary>The page of what came out; null for none.</summary>
    public Func<OperationView, string?> ResultPath { get; init; } = _ => null;
}

/// <summary>The page of an operation, to which whatever starts one leads. Only who started it sees it.</summary>
public static class OperationPages
{
    private const string Path = ConsoleHome.Path + "/operations";

    public static string PathOf(Guid id) => $"{Path}/{id}";

    /// <summary>Names a kind of operation in the console.</summary>
    public static IServiceCollection AddOperationName(this IServiceCollection services, OperationName name) => services.AddSingleton(name);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPages().MapGet(Path + "/{id:guid}", (Delegate)ShowAsync).RequireConsole();
        routes.MapActs<OperationActs>(Path, [OperationActs.Cancel], page => page.RequireConsole());
    }

    internal static string NameOf(this HttpContext http, OperationView operation) =>
        Find(http, operation) is { } name ? http.RequestServices.GetRequiredService<MessageCatalog>().Say(http, name.Text) : operation.Kind;

    internal static string? ResultOf(this HttpContext http, OperationView operation) =>
        operation.State == Operation.Succeeded ? Find(http, operation)?.ResultPath(operation) : null;

    private static OperationName? Find(HttpContext http, OperationView operation) =>
        http.RequestServices.GetServices<OperationName>().FirstOrDefault(name => name.Kind == operation.Kind);

    private static async Task<IResult> ShowAsync(Guid id, HttpContext http) =>
        (
            await http
                .RequestServices.GetRequiredService<GetOperation.Handler>()
                .HandleAsync(id, http.Actor(), http.Language(), http.RequestAborted)
        ).ToResult(operation =>
            http.Page<OperationPage>(
                new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(OperationPage.Operation)] = operation }
            )
        );
}

/// <summary>The page that asks before an operation is canceled.</summary>
internal sealed class OperationActs(GetOperation.Handler operations, CancelOperation.Handler cancel, MessageCatalog texts) : IConsoleActs
{
    public const string Cancel = "cancel";

    public async Task<Outcome<Confirmation>> AskAsync(Guid id, string act, HttpContext http)
    {
        var found = await operations.HandleAsync(id, http.Actor(), http.Language(), http.RequestAborted);
        if (found.Error is { } error)
            return error;
        return new Confirmation
        {
            Question = texts.Say(http, "page.console.operation.ask"),
            About = [new(texts.Say(http, "page.console.operation"), http.NameOf(found.Value))],
            Effects = [texts.Say(http, "page.console.operation.effect")],
            Act = texts.Say(http, "page.console.operation.cancel"),
            Path = $"{OperationPages.PathOf(id)}/{Cancel}",
            Back = OperationPages.PathOf(id),
            Entry = ConsoleHome.Path,
        };
    }

    public Task<IResult> DoAsync(Guid id, string act, Confirmation asked, HttpContext http) =>
        http.ActAsync(
            asked,
            _ => cancel.HandleAsync(id, http.Actor(), http.Language(), http.RequestAborted),
            done => texts.Say(http, done.CancelRequested ? "page.console.operation.done-later" : "page.console.operation.done")
        );
}
