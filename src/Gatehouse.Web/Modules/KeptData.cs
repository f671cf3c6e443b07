using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Modules;

/// <summary>What a module keeps of users, in words, and for how long: users read it under Data and privacy.</summary>
/// <param name="Text">The key of the text, which says <c>{days}</c>.</param>
public sealed record KeptData(string Text, int Days);

public static class KeptDataExtensions
{
    /// <param name="days">By the setting, or the rule, that it follows.</param>
    public static IServiceCollection AddKeptData(this IServiceCollection services, string text, Func<IServiceProvider, int> days) =>
        services.AddSingleton(provider => new KeptData(text, days(provider)));
}
