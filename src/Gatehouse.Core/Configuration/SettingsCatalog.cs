using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Gatehouse.Core.Configuration;

/// <summary>Every setting there is, section by section: evaluated together at start, and the source of docs/settings.md.</summary>
public sealed class SettingsCatalog
{
    /// <summary>The configuration section all settings stand under.</summary>
    public const string Root = "Gatehouse";

    private readonly List<SettingsSection> sections = [];
    private readonly HashSet<string> elsewhere = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<SettingsSection> Sections => sections;

    /// <summary>Reads one section before the container exists. Nothing is evaluated here: <see cref="Check"/> does that for all.</summary>
    public static TOptions Read<TOptions>(IConfiguration configuration, string section)
        where TOptions : class, new()
    {
        var options = new TOptions();
        new SettingsSection(section, typeof(TOptions)).Bind(configuration, options, []);
        return options;
    }

    /// <summary>Throws <see cref="SettingsException"/> with all errors of all sections.</summary>
    public void Check(IServiceProvider services, SettingsMode mode)
    {
        var errors = FindErrors(services, mode);
        if (errors.Count > 0)
            throw new SettingsException(errors);
    }

    public IReadOnlyList<SettingsError> FindErrors(IServiceProvider services, SettingsMode mode)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        var errors = new List<SettingsError>();
        foreach (var section in sections)
        {
            var unreadable = new List<SettingsError>();
            section.Bind(configuration, Activator.CreateInstance(section.OptionsType)!, unreadable);
            var options = (IOptions<object>)services.GetRequiredService(typeof(IOptions<>).MakeGenericType(section.OptionsType));
            errors.AddRange(unreadable);
            errors.AddRange(section.Validate(options.Value, mode).Where(f => !unreadable.Exists(u => u.Path == f.Path)));
        }

        errors.AddRange(FindUnknown(configuration));
        return errors;
    }

    /// <summary>Settings of what runs in another process may stand here, too: processes often share their configuration.</summary>
    public void Ignore(SettingsCatalog other) => elsewhere.UnionWith(other.sections.SelectMany(s => s.Properties).Select(p => p.Path));

    internal void Add(SettingsSection section)
    {
        var taken = sections.SelectMany(s => s.Properties).Select(p => p.Path).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (section.Properties.FirstOrDefault(p => taken.Contains(p.Path)) is { } twice)
            throw new InvalidOperationException($"The setting {twice.Path} is registered twice.");
        sections.Add(section);
    }

    private IEnumerable<SettingsError> FindUnknown(IConfiguration configuration)
    {
        var known = sections.SelectMany(s => s.Properties).ToDictionary(p => p.Path, StringComparer.OrdinalIgnoreCase);
        var former = known.Values.Where(p => p.FormerPath is not null).ToDictionary(p => p.FormerPath!, StringComparer.OrdinalIgnoreCase);
        foreach (var (path, value) in configuration.GetSection(Root).AsEnumerable())
        {
            // A variable that is called like the program itself is no setting: somebody else's, or a shell's.
            if (value is null || path == Root || known.ContainsKey(path))
                continue;
            var list = path[..path.LastIndexOf(':')];
            if (elsewhere.Contains(path) || elsewhere.Contains(list))
                continue;
            if (known.TryGetValue(list, out var property) && property.Property.PropertyType.IsArray)
                continue;
            if (former.TryGetValue(path, out var renamed))
            {
                yield return Unknown(path, $"has a new name: {renamed.Path} ({renamed.Variable})");
                continue;
            }

            var nearest = SettingsNames.Nearest(path, known.Keys);
            var advice = nearest is null ? "remove it" : $"{nearest} is ({SettingsProperty.VariableOf(nearest)})";
            yield return Unknown(path, $"is not a known setting; {advice}");
        }

        static SettingsError Unknown(string path, string advice) =>
            new()
            {
                Path = path,
                Value = null,
                Allowed = advice,
                Known = false,
            };
    }
}

/// <summary>Registers options with the catalogue.</summary>
public static class SettingsRegistration
{
    /// <summary>Validates all settings, by the environment's rules, before anything rests on them.</summary>
    /// <exception cref="SettingsException">Some cannot be used; the message names all of them.</exception>
    public static void CheckSettings(this IServiceProvider services) =>
        services
            .GetRequiredService<SettingsCatalog>()
            .Check(
                services,
                services.GetRequiredService<IHostEnvironment>().IsDevelopment() ? SettingsMode.Development : SettingsMode.Production
            );

    /// <summary>
    /// Binds <typeparamref name="TOptions"/> to <c>Gatehouse:{section}</c> as <see cref="IOptions{TOptions}"/> and adds it to the
    /// <see cref="SettingsCatalog"/>; several may share a section, each with settings of its own. Code may still change it with
    /// <c>Configure</c>; what results is evaluated.
    /// </summary>
    public static IServiceCollection AddSettings<TOptions>(this IServiceCollection services, IConfiguration configuration, string section)
        where TOptions : class, new()
    {
        var catalog = (SettingsCatalog?)services.LastOrDefault(s => s.ServiceType == typeof(SettingsCatalog))?.ImplementationInstance;
        if (catalog is null)
            services.AddSingleton(catalog = new SettingsCatalog());

        var described = new SettingsSection(section, typeof(TOptions));
        catalog.Add(described);
        services.AddOptions<TOptions>().Configure(options => described.Bind(configuration, options, []));
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<TOptions>>().Value);
        return services;
    }
}
