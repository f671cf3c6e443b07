using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Admin;

/// <summary>The headings of the console's navigation, in their order.</summary>
public enum ConsoleGroup
{
    People,
    Access,
    System,
}

/// <summary>A page that the console's navigation leads to. Only who may read it sees the link.</summary>
public sealed record ConsoleEntry
{
    /// <summary>The page and all below it: <c>/admin/users</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Key of the link's text.</summary>
    public required string Text { get; init; }

    public required ConsoleGroup Group { get; init; }

    /// <summary>What the page asks for.</summary>
    public required Permission Permission { get; init; }

    /// <summary>Whether it must be held in the whole tenant; otherwise some organization will do.</summary>
    public bool InWholeTenant { get; init; }

    /// <summary>Its place within the group.</summary>
    public int Order { get; init; }

    internal bool IsFor(UserAccess access) => InWholeTenant ? access.Allows(Permission.Name) : access.AllowsSomewhere(Permission.Name);
}

/// <summary>A page about one thing, beside others about the same thing that may come from other modules.</summary>
public sealed record ConsoleSection
{
    /// <summary>The page of the thing, without its id: <c>/admin/users</c>.</summary>
    public required string Of { get; init; }

    /// <summary>What follows the id in the address; empty for the first page.</summary>
    public required string Suffix { get; init; }

    /// <summary>Key of the link's text.</summary>
    public required string Text { get; init; }

    public required Permission Permission { get; init; }

    public int Order { get; init; }

    public string PathOf(Guid id) => Suffix.Length == 0 ? $"{Of}/{id}" : $"{Of}/{id}/{Suffix}";
}

/// <summary>Something that a page shows about a thing although another module knows it.</summary>
public interface IConsolePart
{
    /// <summary>The page: the <see cref="ConsoleSection.Of"/> of the thing, or <see cref="ConsoleHome.Path"/>.</summary>
    string Of { get; }

    int Order { get; }

    /// <summary>Null where there is nothing to show, or nothing that the actor may see.</summary>
    /// <param name="id">The thing; nil on the first page.</param>
    Task<ConsoleFragment?> ShowAsync(Guid id, Actor actor, CancellationToken cancellationToken);
}

/// <summary>A component with what it shows.</summary>
public sealed record ConsoleFragment(Type Component, IReadOnlyDictionary<string, object?> Parameters)
{
    public static ConsoleFragment Of<TComponent>(IReadOnlyDictionary<string, object?> parameters) => new(typeof(TComponent), parameters);

    // What components take.
    internal IDictionary<string, object> Shown => Parameters.Where(p => p.Value is not null).ToDictionary(p => p.Key, p => p.Value!);
}

public static class ConsoleRegistration
{
    public static IServiceCollection AddConsoleEntry(this IServiceCollection services, ConsoleEntry entry) => services.AddSingleton(entry);

    public static IServiceCollection AddConsoleSection(this IServiceCollection services, ConsoleSection section) =>
        services.AddSingleton(section);

    public static IServiceCollection AddConsolePart<TPart>(this IServiceCollection services)
        where TPart : class, IConsolePart => services.AddSingleton<IConsolePart, TPart>();

    public static IServiceCollection AddConsoleFinder<TFinder>(this IServiceCollection services)
        where TFinder : class, IConsoleFinder => services.AddSingleton<IConsoleFinder, TFinder>();
}
