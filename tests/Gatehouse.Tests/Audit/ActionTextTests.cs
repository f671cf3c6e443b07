using System.Text.RegularExpressions;
using Gatehouse.Tests.Architecture;
using Gatehouse.Web;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Audit;

public sealed partial class ActionTextTests
{
    [Fact]
    public void Every_action_that_is_recorded_has_a_text_in_every_language()
    {
        var actions = SourceTree.Sources().SelectMany(f => ActionsOf(f.Text)).Distinct().ToList();

        // One of each way to name an action: in the call, one of two, in a change of a record, in a constant, and to another method.
        string[] examples =
        [
            "registration.started",
            "password.reset-refused",
            "user.verified",
            "password.breach-check-failed",
            "session.ended",
        ];
        Assert.Empty(examples.Except(actions, StringComparer.Ordinal));
        foreach (var language in Languages.All)
            Assert.Empty(actions.Select(action => "audit." + action).Except(Catalog.Codes(language)));
    }

    [Fact]
    public void Every_text_is_of_an_action_that_is_recorded()
    {
        var sources = string.Concat(SourceTree.Sources().Select(f => f.Text));

        // What is left of audit.* are codes of errors.
        var actions = Texts()
            .Where(code => code.StartsWith("audit.", StringComparison.Ordinal))
            .Select(code => code["audit.".Length..])
            .Where(action => action.Contains('.', StringComparison.Ordinal));
        Assert.All(actions, action => Assert.Contains($"\"{action}\"", sources, StringComparison.Ordinal));
    }

    private static MessageCatalog Catalog { get; } =
        new(
            new ServiceCollection()
                .AddGatehouse(new ConfigurationBuilder().Build())
                .Select(s => s.ImplementationInstance)
                .OfType<TextSource>()
        );

    private static IEnumerable<string> Texts() => Catalog.Codes(Languages.Default);

    // The parameter named action comes from the callers of RejectChangeAsync; any other name is of a constant beside it.
    private static IEnumerable<string> ActionsOf(string source) =>
        Calls
            .Matches(source)
            .Where(call => call.Groups["name"].Value != "action")
            .SelectMany(call => call.Groups["name"] is { Success: true } name ? Constant(source, name.Value) : Named(call.Value));

    private static IEnumerable<string> Constant(string source, string name) =>
        Named(source.Split($"const string {name} = ") is [_, var behind] ? behind.Split(';')[0] : $"\"unknown.{name}\"");

    private static IEnumerable<string> Named(string text) => Literals.Matches(text).Select(literal => literal.Groups[1].Value);

    [GeneratedRegex(
        """AuditRecord(\.Of)?\([\w.]+, (?<name>\w+)\)|AuditRecord(\.Of)?\([^;)]*\)|RejectChangeAsync\([^;)]*\)|Action = "[\w.-]+"\s*\}\)""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Calls { get; }

    [GeneratedRegex(@"""([\w-]+\.[\w-]+)""", RegexOptions.CultureInvariant)]
    private static partial Regex Literals { get; }
}
