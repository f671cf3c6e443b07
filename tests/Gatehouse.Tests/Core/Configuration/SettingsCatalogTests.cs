using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gatehouse.Tests.Core.Configuration;

public class SettingsCatalogTests
{
    [Fact]
    public void All_faults_of_all_sections_are_named_at_once()
    {
        var errors = Errors(
            SettingsMode.Production,
            new()
            {
                ["Gatehouse:Http:Port"] = "eighty",
                ["Gatehouse:Http:Wait"] = "60",
                ["Gatehouse:Mail:Tries"] = "900",
                ["Gatehouse:Mail:Mode"] = "1",
            }
        );

        Assert.Equal(
            ["Gatehouse:Http:Port", "Gatehouse:Http:Wait", "Gatehouse:Http:MasterKey", "Gatehouse:Mail:Mode", "Gatehouse:Mail:Tries"],
            errors.Select(f => f.Path)
        );
    }

    [Fact]
    public void The_message_says_value_what_is_allowed_and_the_variable()
    {
        var fault = Assert.Single(Errors(SettingsMode.Development, new() { ["Gatehouse:Http:Port"] = "eighty" }));

        Assert.Equal(
            "Gatehouse:Http:Port is \"eighty\" but must be a whole number from 1 to 65535. Set GATEHOUSE__HTTP__PORT.",
            fault.ToString()
        );
        Assert.Contains(fault.ToString(), new SettingsException([fault]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_is_required_outside_development_only_and_never_shown()
    {
        Assert.Empty(Errors(SettingsMode.Development, []));
        Assert.Contains(
            Errors(SettingsMode.Production, []),
            f => f is { Path: "Gatehouse:Http:MasterKey", Variable: "GATEHOUSE__HTTP__MASTERKEY" }
        );

        var shortKey = Assert.Single(Errors(SettingsMode.Production, new() { ["Gatehouse:Http:MasterKey"] = "hunter2" }));
        Assert.DoesNotContain("hunter2", shortKey.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_name_is_a_fault_with_the_nearest_known_one()
    {
        var errors = Errors(
            SettingsMode.Development,
            new()
            {
                ["Gatehouse:Http:Prot"] = "80",
                ["Gatehouse:Qqqqqqqqqqqq"] = "1",
                ["Other:Http"] = "x",
            }
        );

        Assert.Contains(
            errors,
            f =>
                f.Path == "Gatehouse:Http:Prot"
                && f.Allowed.EndsWith("Gatehouse:Http:Port is (GATEHOUSE__HTTP__PORT)", StringComparison.Ordinal)
        );
        Assert.Contains(errors, f => f is { Path: "Gatehouse:Qqqqqqqqqqqq", Allowed: "is not a known setting; remove it", Known: false });
        Assert.Equal(2, errors.Count);
    }

    [Theory]
    [InlineData("Gatehouse")]
    [InlineData("GATEHOUSE")]
    public void A_variable_that_is_called_like_the_program_itself_is_no_setting(string name) =>
        Assert.Empty(Errors(SettingsMode.Development, new() { [name] = "http://localhost:8080", ["Gatehouse:Http:Port"] = "80" }));

    [Theory]
    [InlineData("Host=db;Password=hunter2")]
    [InlineData("ada:hunter2@db")]
    [InlineData("db;hunter2")]
    public void A_value_that_may_hold_a_secret_is_not_shown_whatever_the_setting(string value)
    {
        foreach (var name in new[] { "Http:Port", "Http:Wait", "Mail:Mode" })
        {
            var error = Assert.Single(Errors(SettingsMode.Development, new() { ["Gatehouse:" + name] = value })).ToString();
            Assert.StartsWith($"Gatehouse:{name} must be ", error, StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Several_owners_may_share_a_section_but_no_setting()
    {
        var configuration = new ConfigurationBuilder().Build();
        var services = new ServiceCollection()
            .AddSettings<HttpSample>(configuration, "Shared")
            .AddSettings<MailSample>(configuration, "Shared");
        Assert.Throws<InvalidOperationException>(() => services.AddSettings<HttpSample>(configuration, "Shared"));
    }

    [Fact]
    public void An_empty_value_counts_as_unset()
    {
        Assert.Equal(8080, Read(new() { ["Gatehouse:Http:Port"] = " " }).Port);
        Assert.Empty(Errors(SettingsMode.Development, new() { ["Gatehouse:Http:Port"] = "" }));
    }

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("10m", 600)]
    [InlineData("00:00:05", 5)]
    public void Durations_are_read_with_a_unit(string text, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Read(new() { ["Gatehouse:Http:Wait"] = text }).Wait);

    [Theory]
    [InlineData("60")]
    [InlineData("-5s")]
    [InlineData("99999999d")]
    [InlineData("soon")]
    public void A_duration_without_a_unit_or_sense_is_a_fault(string text) =>
        Assert.Equal("Gatehouse:Http:Wait", Assert.Single(Errors(SettingsMode.Development, new() { ["Gatehouse:Http:Wait"] = text })).Path);

    [Fact]
    public void A_list_is_read_from_numbered_items_or_one_line()
    {
        Assert.Equal(["a", "b"], Read(new() { ["Gatehouse:Http:Names:0"] = "a", ["Gatehouse:Http:Names:1"] = "b" }).Names);
        Assert.Equal(["a", "b"], Read(new() { ["Gatehouse:Http:Names"] = "a, b" }).Names);
        Assert.Empty(Errors(SettingsMode.Development, new() { ["Gatehouse:Http:Names:0"] = "a" }));
    }

    [Fact]
    public void What_code_configures_is_judged_too()
    {
        var provider = Provider([], services => services.Configure<HttpSample>(o => o.Port = 0));
        var fault = Assert.Single(provider.GetRequiredService<SettingsCatalog>().FindErrors(provider, SettingsMode.Development));
        Assert.Equal("0", fault.Value);
    }

    [Fact]
    public void A_check_throws_when_something_is_wrong_and_not_otherwise()
    {
        var good = Provider([]);
        good.GetRequiredService<SettingsCatalog>().Check(good, SettingsMode.Development);
        var bad = Provider(new() { ["Gatehouse:Mail:Tries"] = "0" });
        Assert.Throws<SettingsException>(() => bad.GetRequiredService<SettingsCatalog>().Check(bad, SettingsMode.Development));
    }

    private static HttpSample Read(Dictionary<string, string?> values) => Provider(values).GetRequiredService<IOptions<HttpSample>>().Value;

    private static IReadOnlyList<SettingsError> Errors(SettingsMode mode, Dictionary<string, string?> values)
    {
        var provider = Provider(values);
        return provider.GetRequiredService<SettingsCatalog>().FindErrors(provider, mode);
    }

    private static ServiceProvider Provider(Dictionary<string, string?> values, Action<IServiceCollection>? more = null)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        var services = new ServiceCollection().AddSingleton(configuration);
        services.AddSettings<HttpSample>(configuration, "Http").AddSettings<MailSample>(configuration, "Mail");
        more?.Invoke(services);
        return services.BuildServiceProvider();
    }

    private sealed class HttpSample : ICheckSettings
    {
        [Range(1, 65535)]
        public int Port { get; set; } = 8080;

        [Secret]
        public string? MasterKey { get; set; }

        public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(2);

        public string[] Names { get; set; } = [];

        public IEnumerable<ValidationResult> Check(SettingsMode mode)
        {
            if (mode == SettingsMode.Production && MasterKey is not { Length: >= 32 })
                yield return new ValidationResult("is required outside development mode, at least 32 characters", [nameof(MasterKey)]);
        }
    }

    private sealed class MailSample
    {
        public MailSampleMode Mode { get; set; }

        [Range(1, 20)]
        public int Tries { get; set; } = 5;
    }

    private enum MailSampleMode
    {
        Smtp,
        Inbox,
    }
}
